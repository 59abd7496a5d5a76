"""How people write license names: data, each row with its source.

Only what the SPDX list does not say itself stands here: identifiers and full names of the
list are looked up without a row. Spellings are keys (`adhere.licenses.keys.key`), so that
case, punctuation, "license", "version" and "the" need no rows of their own.

Sources: ``trove`` (the classifiers of the package index), ``pep639`` (its appendix on
license concepts), ``spdx`` (notes of the SPDX license list), ``gnu`` (the license list of
the GNU project), ``osi`` (the pages of the Open Source Initiative), ``cc`` (Creative
Commons), ``cpan`` (the CPAN metadata specification), ``steward`` (whoever publishes that
license), ``observed`` (seen in the metadata of published packages and clear by itself).
"""

from __future__ import annotations

VERSION = "2026.2"
"""Part of every key under which something derived from these rows is cached."""

# target expression, source, spellings
ALIASES: tuple[tuple[str, str, str], ...] = (
    ("MIT", "osi", "m i t | mit expat | expat mit"),
    ("MIT", "gnu", "expat"),
    ("MIT", "observed", "mit open source | mit public | mit general | open source mit"),
    ("MIT", "observed", "mit software | mit osi | osi mit"),
    ("MIT-0", "osi", "mit no attribution mit 0 | mit zero"),
    ("MIT-CMU", "trove", "cmu mit cmu"),
    ("BSD-3-Clause", "gnu", "modified bsd | bsd modified"),
    ("BSD-3-Clause", "osi", "new bsd | bsd new | revised bsd | bsd revised | new revised bsd"),
    ("BSD-3-Clause", "osi", "new or revised bsd | bsd new revised"),
    ("BSD-3-Clause", "observed", "bsd 3 | 3 bsd | 3 clause bsd | 3 clause | bsd 3 c | bsd three"),
    ("BSD-3-Clause", "observed", "new bsd 3 clause | 3 clause new bsd | bsd 3 clause new"),
    ("BSD-3-Clause", "observed", "bsd new 3 clause | bsd 3 clause revised | revised 3 clause bsd"),
    ("BSD-3-Clause", "observed", "revised bsd 3 clause | modified 3 clause bsd | bsd 3 cl"),
    ("BSD-3-Clause", "observed", "bsd clause 3 | bsd new style"),
    ("BSD-3-Clause", "observed", "new style bsd | bsd 3 clause new bsd"),
    ("BSD-3-Clause", "observed", "bsd 3 clause bsd 3 | bsd 3 clause osi"),
    ("BSD-3-Clause", "observed", "modified bsd 3 clause"),
    ("BSD-3-Clause", "observed", "modified new bsd | bsd 3 clause bsd new | bsd new bsd 3 clause"),
    (
        "BSD-3-Clause",
        "steward",
        "eclipse distribution 1.0 | edl 1.0 | eclipse distribution edl 1.0",
    ),
    ("BSD-2-Clause", "gnu", "freebsd"),
    ("BSD-2-Clause", "osi", "simplified bsd | bsd simplified"),
    ("BSD-2-Clause", "observed", "bsd 2 | 2 bsd | 2 clause bsd | 2 clause | bsd 2 c | bsd two"),
    ("BSD-2-Clause", "observed", "free bsd | simplified 2 clause bsd"),
    ("BSD-2-Clause", "observed", "2 clause simplified bsd | simplified bsd 2 clause | bsd 2 cl"),
    ("BSD-2-Clause", "observed", "bsd simplified 2 clause | bsd clause 2"),
    ("BSD-4-Clause", "gnu", "original bsd | bsd original | old bsd | bsd old"),
    ("BSD-4-Clause", "observed", "bsd 4 | 4 clause bsd | bsd 4 clause original | 4 clause"),
    ("0BSD", "trove", "0 clause bsd 0 bsd | 0 clause bsd | bsd 0 | zero bsd"),
    ("0BSD", "osi", "free public 1.0.0"),
    ("ISC", "trove", "isc iscl | iscl"),
    ("ISC", "observed", "internet systems consortium | internet software consortium | isc osi"),
    ("Apache-2.0", "steward", "apache 2.0 january 2004 | al 2.0 | alv 2.0 | asf 2.0"),
    (
        "Apache-2.0",
        "observed",
        "asl 2.0 | apache 2.0 asl 2.0 | asl 2.0 apache 2.0 | apache asl 2.0",
    ),
    ("Apache-2.0", "observed", "apache 2.0 asl | apache 2 apache 2.0 | apache public 2.0"),
    (
        "Apache-2.0",
        "observed",
        "apache 2.0 open source | apache open source 2.0 | apache 2.0 al 2.0",
    ),
    ("Apache-2.0", "observed", "apache 2.0 apache"),
    ("Apache-2.0", "observed", "apache 20 | apache 2.0.0 | apache 2.0 osi | apl 2.0 apache 2.0"),
    ("Apache-2.0 WITH LLVM-exception", "steward", "apache 2.0 with llvm exception"),
    (
        "Apache-2.0 WITH LLVM-exception",
        "steward",
        "apache 2.0 with llvm exceptions | apache 2.0 llvm",
    ),
    ("PSF-2.0", "trove", "psf"),
    ("PSF-2.0", "observed", "psfl | psf 2 | python psf | psf python | psf psfl | psf 2 psf"),
    ("CNRI-Python", "trove", "python cnri python"),
    ("MPL-2.0", "observed", "mozilla 2.0 | mpl 2.0 mozilla 2.0 | mpl public 2.0"),
    ("MPL-1.0", "trove", "mpl 1.0 mpl"),
    ("Unlicense", "steward", "unlicence | unlicense org | public domain unlicense"),
    ("Unlicense", "observed", "unlicense public domain | unlicense unlicence"),
    ("CC0-1.0", "cc", "cc 0 | cc zero | cc 0 universal | cc 0 1.0 universal"),
    ("CC0-1.0", "trove", "cc 0 1.0 universal cc 0 1.0 public domain dedication"),
    ("CC0-1.0", "cc", "cc 0 1.0 universal public domain dedication | public domain cc 0"),
    (
        "CC0-1.0",
        "cc",
        "cc 0 public domain dedication | cc 0 public domain | cc 0 1.0 public domain",
    ),
    ("CC0-1.0", "observed", "public domain cc 0 1.0 | cc zero 1.0"),
    ("CC-BY-4.0", "cc", "cc by 4.0 international cc by 4.0 | attribution 4.0 international"),
    ("CC-BY-SA-4.0", "cc", "attribution share alike 4.0 international"),
    ("CC-BY-SA-4.0", "cc", "attribution sharealike 4.0 international"),
    ("CC-BY-NC-4.0", "cc", "attribution noncommercial 4.0 international"),
    ("CC-BY-NC-4.0", "cc", "attribution non commercial 4.0 international"),
    ("CC-BY-NC-SA-4.0", "cc", "attribution noncommercial sharealike 4.0 international"),
    ("CC-BY-NC-SA-4.0", "cc", "attribution non commercial share alike 4.0 international"),
    ("WTFPL", "steward", "wtfpl 2.0 | do what fuck you want to public | wtf public"),
    ("WTFPL", "steward", "do what fuck you want to public 2.0 | do what fuck you want to"),
    ("WTFPL", "observed", "do what fuck you want to public wtfpl | do what fuck you want"),
    ("Zlib", "trove", "zlib libpng | libpng zlib"),
    ("Zlib", "observed", "zlib png | zlib libpng zlib"),
    ("BSL-1.0", "trove", "boost software 1.0 bsl 1.0"),
    ("BSL-1.0", "observed", "boost | boost 1.0 | boost software | bsl 1.0 boost | boost bsl 1.0"),
    ("BUSL-1.1", "spdx", "bsl 1.1 | busl 1.1 bsl 1.1 | bsl busl 1.1"),
    ("UPL-1.0", "trove", "upl | upl 1.0 upl"),
    ("NCSA", "osi", "university of illinois ncsa | ncsa uiuc | uiuc ncsa | uiuc | illinois ncsa"),
    ("NCSA", "observed", "ncsa open source | uiuc ncsa open source | university of illinois"),
    ("HPND", "trove", "historical permission notice and disclaimer hpnd"),
    ("PostgreSQL", "trove", "postgres"),
    ("MS-PL", "osi", "mspl | microsoft public ms pl"),
    ("MS-RL", "osi", "microsoft reciprocal ms rl"),
    ("MulanPSL-2.0", "trove", "mulan permissive software 2 mulanpsl 2.0"),
    ("MulanPSL-2.0", "steward", "mulan psl 2.0 | mulan psl 2 | mulan 2.0 | 木兰宽松 第 2 版"),
    ("MulanPSL-1.0", "steward", "mulan psl 1.0 | mulan psl 1 | mulan 1.0"),
    ("EPL-1.0", "trove", "eclipse 1.0"),
    ("EPL-2.0", "trove", "eclipse 2.0"),
    ("ECL-2.0", "trove", "educational community 2.0 ecl 2.0"),
    ("OFL-1.1", "trove", "sil ofl 1.1 | sil 1.1"),
    ("CECILL-2.1", "trove", "cea cnrs inria logiciel libre 2.1 cecill 2.1"),
    ("CECILL-B", "trove", "cecill b free software agreement cecill b | cecill b free software"),
    ("CECILL-C", "trove", "cecill c free software agreement cecill c | cecill c free software"),
    ("CPL-1.0", "trove", "common public | cpl"),
    ("IPL-1.0", "trove", "ibm public | ipl"),
    ("QPL-1.0", "trove", "qt public | qt public qpl | qpl"),
    ("NASA-1.3", "trove", "nasa open source agreement 1.3 nasa 1.3 | nasa open source agreement"),
    ("Nokia", "trove", "nokia open source nokos"),
    ("SPL-1.0", "trove", "sun public"),
    ("VSL-1.0", "trove", "vovida software"),
    ("BlueOak-1.0.0", "trove", "blue oak model blueoak 1.0.0 | blue oak | blue oak model"),
    ("Aladdin", "trove", "aladdin free public afpl | afpl"),
    ("SISSL", "trove", "sun industry standards source sissl"),
    ("SSPL-1.0", "steward", "sspl"),
    ("Elastic-2.0", "steward", "el 2.0 | el 2 | elv 2 | elastic 2.0 elv 2 | elv 2.0"),
    ("PolyForm-Noncommercial-1.0.0", "steward", "polyform noncommercial | polyform non commercial"),
    ("PolyForm-Noncommercial-1.0.0", "steward", "polyform noncommercial 1.0 | polyform nc 1.0.0"),
    ("PolyForm-Small-Business-1.0.0", "steward", "polyform small business"),
    ("FSL-1.1-ALv2", "steward", "fsl 1.1 apache 2.0 | functional source 1.1 alv 2 future"),
    ("Beerware", "steward", "beer ware | beerware 42 | beer ware 42 | beerware revision 42"),
    ("Beerware", "steward", "beer ware revision 42"),
    ("ODbL-1.0", "steward", "odbl | open database | odc open database | open database odbl"),
    ("PDDL-1.0", "steward", "pddl | open data commons public domain dedication and"),
    ("etalab-2.0", "steward", "ouverte 2.0 | ouverte open 2.0"),
    ("OGL-UK-3.0", "steward", "ogl 3.0"),
    ("Artistic-2.0", "observed", "artistic 2 | perl artistic 2.0"),
    ("ClArtistic", "gnu", "artistic clarified"),
    ("Artistic-1.0-Perl OR GPL-1.0-or-later", "cpan", "perl 5 | same terms as perl | same as perl"),
    ("Artistic-1.0-Perl OR GPL-1.0-or-later", "cpan", "same terms as perl itself"),
    ("LGPL-2.0-or-later WITH WxWindows-exception-3.1", "spdx", "wxwidgets"),
    ("GPL-3.0-only WITH GCC-exception-3.1", "spdx", "gpl 3.0 with gcc runtime library exception"),
)

# What GNU licenses are called in the headings of their own texts.
GNU_DATES: dict[str, str] = {
    "gpl 1 february 1989": "gpl 1",
    "gpl 2 june 1991": "gpl 2",
    "gpl 3 29 june 2007": "gpl 3",
    "lgpl 2 june 1991": "lgpl 2",
    "lgpl 2.1 february 1999": "lgpl 2.1",
    "lgpl 3 29 june 2007": "lgpl 3",
    "agpl 3 19 november 2007": "agpl 3",
}

GNU_VERSIONS: dict[str, dict[str, str]] = {
    "gpl": {"1": "GPL-1.0", "2": "GPL-2.0", "3": "GPL-3.0"},
    "lgpl": {"2": "LGPL-2.0", "2.1": "LGPL-2.1", "3": "LGPL-3.0"},
    "agpl": {"1": "AGPL-1.0", "3": "AGPL-3.0"},
    "gfdl": {"1.1": "GFDL-1.1", "1.2": "GFDL-1.2", "1.3": "GFDL-1.3"},
}

# Names that say nothing about a license: placeholders, and pointers to a file.
SILENT = (
    "unknown | noassertion | not specified | not set | not available | none | null | nil | n | na | n a | not applicable | todo | tbd | tood | tba"
    " | undefined | unspecified | undecided | unset | default | any | file | text | txt | md | rst"
    " | copying | copyright | notice | legal | see | see file"
    " | see file for details | see for details | see in file | see readme | see repository"
    " | see repo | see website | see homepage | see source | see project | other see"
    " | open source | opensource | open source software | oss | foss | floss | free software | free"
    " | libre | osi | fsf | dfsg | dfsg approved | public | gratis | freely available"
    " | fill me | fixme | xxx | your | my | name | type | choose | description | empty | false"
    " | copyleft | permissive | freely distributable"
)

# Names that say that there are several licenses, but not which.
SEVERAL = "dual | dual see | double | multi | tri | triple | various | mixed | multiple | several"

# Names by which an author keeps rights back, or says that the terms are his own.
RESERVED = (
    "proprietary | other proprietary | commercial | closed source | closed | all rights reserved"
    " | private | internal | internal use only | internal use | confidential | unlicensed | no"
    " | custom | other | own | eula | end user agreement | freeware | shareware | trial | paid"
    " | non free | nonfree | non commercial | noncommercial | non open source | source available"
    " | free for non commercial use | free for noncommercial use | free for personal use"
    " | free for educational use | free for home use | free to use but restricted | evaluation"
    " | commons clause | all rights reserved proprietary | proprietary all rights reserved"
    " | copyright all rights reserved | subscription | enterprise | personal use only"
    " | prosperity | prosperity public | fair source | hippocratic variant | not open source"
)
