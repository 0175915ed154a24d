"""Names that an article's furniture carries: news agencies, photo services, and the outlets behind web addresses."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_AGENCIES = {
    "AAP": ("australian associated press",),
    "AFP": ("agence france-presse", "agence france presse"),
    "ANI": ("asian news international",),
    "ANSA": (),
    "AP": ("associated press", "the associated press"),
    "APA": ("austria presse agentur",),
    "Anadolu Agency": ("anadolu", "anadolu ajansı", "aa"),
    "Belga": (),
    "Bloomberg": ("bloomberg news",),
    "CNA": ("central news agency",),
    "DPA": ("deutsche presse-agentur",),
    "EFE": ("agencia efe",),
    "IRNA": (),
    "Interfax": (),
    "Kyodo": ("kyodo news",),
    "PA Media": ("press association", "pa"),
    "PTI": ("press trust of india",),
    "RIA Novosti": ("ria", "sputnik/ria novosti"),
    "Reuters": ("thomson reuters",),
    "SANA": (),
    "TASS": ("itar-tass",),
    "UPI": ("united press international",),
    "Ukrinform": (),
    "WAM": (),
    "Xinhua": ("xinhua news agency",),
    "Yonhap": ("yonhap news agency",),
}
_BY_NAME = {alias: name for name, aliases in _AGENCIES.items() for alias in (name.lower(), *aliases)}

_PHOTO_SERVICES = {
    "ap photo",
    "afp photo",
    "reuters photo",
    "getty",
    "getty images",
    "shutterstock",
    "epa",
    "epa-efe",
    "alamy",
}

_PUBLISHERS = {
    "abc.net.au": "ABC News (Australia)",
    "afp.com": "AFP",
    "aljazeera.com": "Al Jazeera",
    "apnews.com": "AP News",
    "axios.com": "Axios",
    "bbc.co.uk": "BBC News",
    "bbc.com": "BBC News",
    "bellingcat.com": "Bellingcat",
    "bloomberg.com": "Bloomberg",
    "cbc.ca": "CBC News",
    "cbsnews.com": "CBS News",
    "cnn.com": "CNN",
    "dw.com": "Deutsche Welle",
    "economist.com": "The Economist",
    "elpais.com": "El País",
    "euronews.com": "Euronews",
    "france24.com": "France 24",
    "ft.com": "Financial Times",
    "haaretz.com": "Haaretz",
    "independent.co.uk": "The Independent",
    "kyivindependent.com": "The Kyiv Independent",
    "latimes.com": "Los Angeles Times",
    "lemonde.fr": "Le Monde",
    "meduza.io": "Meduza",
    "middleeasteye.net": "Middle East Eye",
    "nbcnews.com": "NBC News",
    "npr.org": "NPR",
    "nytimes.com": "The New York Times",
    "politico.com": "Politico",
    "politico.eu": "Politico Europe",
    "reuters.com": "Reuters",
    "rferl.org": "Radio Free Europe/Radio Liberty",
    "rt.com": "RT",
    "scmp.com": "South China Morning Post",
    "sky.com": "Sky News",
    "spiegel.de": "Der Spiegel",
    "tass.com": "TASS",
    "telegraph.co.uk": "The Telegraph",
    "theguardian.com": "The Guardian",
    "themoscowtimes.com": "The Moscow Times",
    "thetimes.co.uk": "The Times",
    "timesofisrael.com": "The Times of Israel",
    "trtworld.com": "TRT World",
    "usatoday.com": "USA Today",
    "voanews.com": "Voice of America",
    "washingtonpost.com": "The Washington Post",
    "wsj.com": "The Wall Street Journal",
}

_PARTS = re.compile(r"\s*[,/|&;]\s*|\s+(?:and|with)\s+")


def agency_named(name: str) -> str:
    """The agency that `name` is a usual name of, or "" when it is none."""
    return _BY_NAME.get(name.strip().lower(), "")


def agencies_in(names: str) -> tuple[str, str]:
    """A list of names ("Ada Roe, AP and AFP") parted into agencies and others: ("AP, AFP", "Ada Roe")."""
    parts = [part for part in _PARTS.split(names.strip()) if part]
    agencies = [agency for part in parts if (agency := agency_named(part))]
    if not agencies:
        return "", names.strip()
    others = [part for part in parts if not agency_named(part)]
    return ", ".join(dict.fromkeys(agencies)), ", ".join(others)


def names_photo_source(credit: str) -> bool:
    """Whether a part of `credit` is an agency or a photo service ("Ada Roe / AP Photo")."""
    parts = [part.strip().lower() for part in _PARTS.split(credit)]
    return any(part in _PHOTO_SERVICES or part in _BY_NAME for part in parts)


def domain_of(url: str) -> str:
    """The host of a web address without its port and "www."; "" when it has none."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def publisher_of(domain: str) -> str:
    """The outlet of a domain or of a domain above it ("edition.cnn.com"); "" when it is not known."""
    labels = domain.split(".")
    return next((name for n in range(len(labels) - 1) if (name := _PUBLISHERS.get(".".join(labels[n:])))), "")
