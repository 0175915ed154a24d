"""German: the commonest words."""

from __future__ import annotations

from annotator.matching.languages.table import Table, pairs, phrases

_WEEKDAYS = phrases("montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag")
_LAST = phrases("letzte letzten letzter letztes vergangene vergangenen vergangener kommende kommenden nächste nächsten")
_TIMES = phrases("woche monat jahr nacht sommer winter")

TABLE = Table(
    numbers=phrases(
        "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig vierzig fünfzig sechzig siebzig",
        "achtzig neunzig hundert hunderte hunderten tausend tausende tausenden million millionen milliarde milliarden",
        "dutzend dutzende dutzenden zehntausende zehntausenden hunderttausende hunderttausenden hälfte drittel viertel",
        "null doppelt mehrheit",
    ),
    weak_numbers=phrases("ein eine einer einem einen"),
    articles=phrases("ein eine einer einem einen"),
    number_joints=phrases("und von oder bis"),
    number_units=phrases("prozent euro dollar cent kilometer meter kilogramm tonnen grad hektar"),
    months=phrases("januar jänner februar märz april mai juni juli august september oktober november dezember"),
    before_months=phrases("im seit bis ab anfang mitte ende vom"),
    dates=_WEEKDAYS | phrases("gestern heute morgen_früh vorgestern übermorgen") | pairs(_LAST, _TIMES | _WEEKDAYS),
    attributions=phrases(
        "sagte sagten sagt sagen erklärte erklärten erklärt teilte_mit teilten_mit laut zufolge nach_angaben berichtete",
        "berichteten berichtet meldete meldeten meldet behauptete behaupteten behauptet bestätigte bestätigten bestritt",
        "bestritten dementierte zitierte warf_vor kündigte_an kündigten_an verkündete verkündeten betonte betonten",
        "warnte warnten sprecher sprecherin schrieb twitterte nach_darstellung den_angaben",
    ),
    hedges=phrases(
        "angeblich mutmaßlich mutmaßliche mutmaßlichen offenbar anscheinend vermutlich möglicherweise wahrscheinlich",
        "vielleicht soll sollen dürfte dürften könnte könnten unbestätigt unbestätigte unbestätigten sogenannte",
        "sogenannten wohl unklar",
    ),
    superlatives=phrases(
        "alle allen alles jeder jede jedes immer nie niemals niemand keiner erste ersten erster erstes erstmals größte",
        "größten höchste höchsten schlimmste schlimmsten beste besten einzige einzigen vollständig vollständige",
        "vollständigen völlig komplett komplette gesamte gesamten beispiellos historisch",
    ),
    not_cues=phrases("vor_allem am_ersten"),
)
