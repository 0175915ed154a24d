"""English."""

from __future__ import annotations

from annotator.matching.languages.table import Table, pairs, phrases

_WEEKDAYS = phrases("monday tuesday wednesday thursday friday saturday sunday")
_PERIODS = phrases("day week weekend month year decade century morning afternoon evening night quarter season")
_SEASONS = phrases("spring summer autumn fall winter")
_TIMES = phrases("second minute hour day week month year decade century")
_AROUND = phrases("last next this")

TABLE = Table(
    numbers=phrases(
        "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen",
        "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion",
        "trillion hundreds thousands millions billions trillions tens dozen dozens zero half halves thirds quarters",
        "fifths tenths twice double doubled triple tripled halved majority",
    ),
    weak_numbers=phrases("one a an quarter third fifth tenth scores several"),
    articles=phrases("a an"),
    number_joints=phrases("and of or to point in"),
    number_units=phrases(
        "percent percentage points point degrees celsius fahrenheit",
        "dollars euros pounds cents roubles rubles yen yuan lira rupees francs",
        "km kilometres kilometers miles metres meters feet kg kilograms tonnes tons barrels litres liters hectares acres",
        "mph bn m k tn",
    ),
    months=phrases(
        "january february march april may june july august september october november december",
        "jan feb mar apr jun jul aug sep sept oct nov dec",
    ),
    doubtful_months=phrases("may march august jan mar jun jul sep sept dec apr nov oct feb aug"),
    before_months=phrases("in since until till by from during last next early late mid of this through before after"),
    date_joints=phrases("of the"),
    dates=(
        _WEEKDAYS
        | phrases("yesterday today tomorrow tonight overnight nowadays the_day_before the_day_after the_same_day")
        | phrases("new_year's_day new_year's_eve christmas easter ramadan midnight noon")
        | pairs(_AROUND, _PERIODS | _SEASONS | _WEEKDAYS)
        | pairs(phrases("previous following"), phrases("day week month year night summer winter"))
        | pairs(pairs(["the"], ["previous", "following"]), phrases("day week month year night summer winter"))
        | pairs(pairs(["earlier", "later"], ["this"]), phrases("day week month year"))
    ),
    periods=_TIMES | frozenset(f"{time}s" for time in _TIMES),
    after_periods=phrases("ago earlier later before afterwards since"),
    attributions=phrases(
        "according_to as_saying in_the_words_of in_a_statement by_the_count_of by_its_own_account citing cited cites",
        "quoted quoting said says say saying told tells telling announced announces announce announcing",
        "reported reports report_that reporting_that stated states_that stating declared declares declaring",
        "claimed claims_that claiming alleged alleges alleging asserted asserts insisted insists insisting",
        "denied denies deny denying confirmed confirms confirmed_that acknowledged acknowledges admitted admits",
        "accused accuses accuse accusing blamed blames blaming warned warns warning_that argued argues arguing",
        "testified testifies tweeted wrote_that wrote_in posted_on added_that adds_that noted_that notes_that",
        "found_that finds_that showed_that shows_that revealed reveals_that disclosed concluded_that estimated_that",
        "estimates_that estimate_that believes_that believe_that predicted predicts pledges_that pledged vowed promised_that",
        "suggested_that suggests_that stressed_that stresses_that emphasised_that emphasized_that complained",
        "answered_that replied_that explained_that described_as spokesman spokeswoman spokesperson spokespeople",
        "sources_said on_condition_of_anonymity counted put_the_toll puts_the_toll put_the_number puts_the_number",
        "made_known protested_to made_public",
    ),
    hedges=phrases(
        "reportedly allegedly apparently seemingly supposedly purportedly ostensibly presumably possibly perhaps",
        "probably arguably conceivably may_have might_have could_have may_be might_be could_be may_well",
        "appears_to appear_to appeared_to seems_to seem_to seemed_to is_believed_to are_believed_to was_believed_to",
        "were_believed_to is_thought_to are_thought_to was_thought_to were_thought_to is_said_to are_said_to",
        "was_said_to were_said_to is_understood_to are_understood_to is_likely are_likely was_likely were_likely",
        "unconfirmed unverified so_called alleged suspected purported supposed claimed claims claiming claim",
        "rumoured rumored rumours rumors rumour rumor unclear not_clear not_yet_clear not_independently_verified",
        "could_not_be_verified could_not_be_confirmed could_not_be_independently could_not_independently",
        "not_be_independently no_independent_confirmation it_remains_to_be_seen",
    ),
    superlatives=phrases(
        "first complete completely total totally entire entirely whole fully all every everyone everybody everything",
        "everywhere nobody no_one none nothing nowhere never always ever only sole unprecedented unique historic",
        "absolute absolutely best worst most_of the_most least_of the_least most_powerful most_important",
        "record_high record_low record_number not_a_single without_exception largest biggest smallest highest lowest",
        "longest shortest deadliest greatest bloodiest oldest youngest fastest poorest richest heaviest strongest",
        "weakest fewest no_other not_since the_last",
    ),
    not_cues=phrases(
        "at_least at_most at_all after_all above_all first_of_all first_name first_lady if_only not_only first_half",
        "whatsoever as_ever ever_since for_ever not_all_that all_but all_right every_now_and_then for_the_first",
        "the_first_half claim_to_fame all_the_same most_likely could_say can_say cannot_say a_say to_say",
    )
    | pairs(["the last"], phrases("week month year night day summer winter minute")),
    superlative_end="est",
    superlative_before=phrases("the its their his her our your my one_of of world's country's second"),
    not_superlatives=phrases(
        "west rest forest interest latest guest protest request harvest conquest test quest arrest priest nest chest",
        "crest contest unrest midwest northwest southwest budapest bucharest manifest modest honest earnest behest",
        "invest suggest digest tempest inquest bequest armrest pest zest vest jest breast east",
    ),
)
