"""Words of English news that say the same: two reports of one event seldom choose the same ones.

No thesaurus: only what reports of accidents, disasters, fights, votes, crimes, courts, labour, prices, health, sport and
computers are full of. A word stands in one group; what has several meanings is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from annotator.matching.words import key_of

_GROUPS = (
    "killed dead died deaths fatalities fatal lives toll slain bodies perished drowned",
    "injured hurt wounded injuries wounds casualties burned",
    "ill sick sickness illness patients cases infected infections disease",
    "missing unaccounted vanished",
    "fled displaced refugees evacuated evacuees uprooted homeless",
    "rescued saved lifted",
    "ceasefire truce armistice calm quiet silent peace",
    "shelling bombardment strikes raids attacks fire shots shooting explosions blasts rockets missiles shells mortars clashes fighting",
    "army military troops soldiers forces",
    "rebels insurgents militants militia fighters gunmen",
    "police officers constables",
    "arrested detained custody arrests detentions",
    "protest demonstration march rally demonstrators protesters marchers crowd",
    "vote election ballot poll turnout voters polls votes participation",
    "won victory winner wins",
    "strike walkout stoppage",
    "pay wages salary salaries raise rise",
    "company firm maker manufacturer operator",
    "court judges judge tribunal ruling",
    "lawsuit complaint appeal",
    "licence license permit permission authorised authorized",
    "denied denies rejects rejected disputes disputed refuted dismissed",
    "warned warning alert alarm siren sirens",
    "closed shut closure suspended halted stopped",
    "opened reopened resumed reopens",
    "cost costs price bill damage losses loss worth expenses",
    "faulty defect defective fault failed failure broken cracked cracks flaw",
    "inspected inspection checked check serviced survey examined",
    "repair mended repaired repairs mending fixed",
    "money cash refund refunds refunded compensation",
    "poisonous toxic harmful dangerous hazardous polluted contaminated",
    "car cars vehicle vehicles motorists drivers traffic",
    "plane aircraft jet flight flights",
    "ship ships vessel boat boats barges ferry",
    "house houses homes households dwellings",
    "pupils schools school",
    "doctor doctors physicians medics hospital clinic",
    "blackout outage power electricity",
    "collapsed collapse crumbled",
    "children child kids",
    "cut reduced fell dropped declined decline decrease lower",
    "increased grew climbed growth increase higher",
    "stolen stole theft thieves thief robbed robbery robbers burglary burglars heist loot intruders",
    "guards guard watchman watchmen sentry sentries",
    "murder murdered homicide stabbed stabbing",
    "hostages hostage kidnapped abducted abduction captors captives",
    "jailed prison sentenced imprisoned imprisonment",
    "fined penalty penalties",
    "bribes bribe bribery corruption kickbacks graft",
    "tax taxes levy duties",
    "loan loans debt debts borrowed credit",
    "compensation settlement settled",
    "sanctions embargo",
    "resigned resignation resigns quit",
    "workers employees staff workforce layoffs",
    "email emails letter letters message messages",
    "website internet online portal software computer computers servers",
    "files documents data",
    "hackers hacked hacking breach leak leaked exposed",
    "test tests tested sample samples laboratory lab",
    "vaccine vaccines vaccination vaccinated jab jabs",
    "medicine medicines drug drugs pills",
    "doping steroid steroids banned",
    "spectators fans audience attendance tickets",
    "tourists tourism holidaymakers visitors bookings",
    "beach beached ashore stranded aground coast shore",
    "navy naval submarine warship warships",
    "drill drills exercise exercises manoeuvres",
    "blaze flames inferno burning",
    "storm hurricane cyclone typhoon gales gusts wind winds",
    "flood floods flooding flooded inundated",
    "earthquake quake tremor tremors aftershock aftershocks",
    "rain rains rainfall downpour",
    "hunger famine starving starvation",
    "border frontier",
)


@lru_cache(maxsize=1)
def _senses() -> dict[str, str]:
    found: dict[str, str] = {}
    for group in _GROUPS:
        words = group.split()
        for word in words:
            found.setdefault(key_of(word), key_of(words[0]))
    return found


def sense_of(key: str) -> str:
    """The key that stands for all words of the same group; the key itself where there is none."""
    return _senses().get(key, key)


def keys_of(senses: Iterable[str]) -> dict[str, str]:
    """The keys that stand for one of the senses, each with that sense."""
    wanted = frozenset(senses)
    found = {sense: sense for sense in wanted if sense_of(sense) == sense}
    return found | {key: sense for key, sense in _senses().items() if sense in wanted}
