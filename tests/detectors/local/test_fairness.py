"""Every language and script is treated alike; the bounds are what was measured, not a wish."""

import json
from collections import Counter
from pathlib import Path

import pytest

from tests.detectors.local.judging import DISGUISE, judge, names

DATA = Path(__file__).parents[2] / "data"

SENTENCES = {
    "Latin": "Yesterday we walked along the river and fed the ducks until it got dark.",
    "Latin, German": "Gestern gingen wir am Fluss spazieren; die Straße war naß, überall Schnee.",
    "Latin, Turkish": "İstanbul'da ışıklar yanınca ĞÜŞİÖÇ harfleriyle yazılmış bir tabela gördük.",
    "Latin, Vietnamese": "Hôm qua chúng tôi đi dạo dọc bờ sông và cho vịt ăn đến tối.",
    "Latin, Yoruba": "Ní àná a rìn lẹ́gbẹ̀ẹ́ odò, a sì fún àwọn pẹ́pẹ́yẹ ní oúnjẹ.",
    "Cyrillic, Russian": "Вчера мы гуляли вдоль реки и кормили уток, пока не стемнело.",
    "Cyrillic, Ukrainian": "Учора ми гуляли вздовж річки й годували качок, доки не стемніло.",
    "Cyrillic, Serbian": "Јуче смо шетали поред реке и хранили патке док није пао мрак.",
    "Cyrillic, Kazakh": "Кеше біз өзен бойымен серуендеп, үйректерді тамақтандырдық.",
    "Greek": "Χθες περπατήσαμε δίπλα στο ποτάμι και ταΐσαμε τις πάπιες μέχρι που νύχτωσε.",
    "Armenian": "Երեկ մենք քայլեցինք գետի երկայնքով և կերակրեցինք բադերին մինչև մթնելը։",
    "Georgian": "გუშინ მდინარის გასწვრივ ვისეირნეთ და იხვებს ვაჭმევდით დაბნელებამდე.",
    "Hebrew": "אתמול טיילנו לאורך הנהר והאכלנו את הברווזים עד שהחשיך.",
    "Hebrew with marks": "\u200fאתמול\u200f טיילנו \u2067ליד\u2069 הנהר עם Anna\u200e, עד שהחשיך.",
    "Arabic": "مشينا أمس على ضفة النهر وأطعمنا البط حتى حل الظلام.",
    "Persian": "دیروز کنار رودخانه قدم می\u200cزدیم و به اردک\u200cها غذا می\u200cدادیم.",
    "Urdu": "کل ہم دریا کے کنارے ٹہلتے رہے اور اندھیرا ہونے تک بطخوں کو دانہ ڈالتے رہے۔",
    "Syriac": "ܐܬܡܠܝ ܗܠܟܢ ܥܠ ܣܦܪ ܢܗܪܐ ܥܕܡܐ ܠܪܡܫܐ",
    "Devanagari": "कल हम नदी के किनारे टहले और अँधेरा होने तक बत्तखों को दाना खिलाया।",
    "Devanagari with joiners": "श्री\u200dमान जी, क्\u200dष और र्\u200dय लिखने का ढंग यही है।",
    "Bengali": "গতকাল আমরা নদীর ধারে হেঁটেছি আর সন্ধ্যা পর্যন্ত হাঁসগুলোকে খাইয়েছি।",
    "Gurmukhi": "ਕੱਲ੍ਹ ਅਸੀਂ ਦਰਿਆ ਦੇ ਕੰਢੇ ਸੈਰ ਕੀਤੀ ਅਤੇ ਹਨੇਰਾ ਹੋਣ ਤੱਕ ਬੱਤਖਾਂ ਨੂੰ ਚੋਗਾ ਪਾਇਆ।",
    "Gujarati": "ગઈકાલે અમે નદી કિનારે ફર્યા અને અંધારું થાય ત્યાં સુધી બતકોને ખવડાવ્યું.",
    "Tamil": "நேற்று நாங்கள் ஆற்றங்கரையில் நடந்து இருட்டும் வரை வாத்துகளுக்கு உணவளித்தோம்.",
    "Telugu": "నిన్న మేము నది ఒడ్డున నడిచి చీకటి పడే వరకు బాతులకు ఆహారం పెట్టాము.",
    "Kannada": "ನಿನ್ನೆ ನಾವು ನದಿಯ ದಡದಲ್ಲಿ ನಡೆದು ಕತ್ತಲಾಗುವವರೆಗೆ ಬಾತುಕೋಳಿಗಳಿಗೆ ಆಹಾರ ನೀಡಿದೆವು.",
    "Malayalam": "ഇന്നലെ ഞങ്ങൾ പുഴയോരത്ത് നടന്ന് ഇരുട്ടുന്നതുവരെ താറാവുകൾക്ക് തീറ്റ കൊടുത്തു.",
    "Sinhala": "ඊයේ අපි ගඟ දිගේ ඇවිද ගොස් අඳුර වැටෙන තුරු තාරාවන්ට කෑම දුන්නෙමු. ශ්\u200dරී ලංකා",
    "Thai": "เมื่อวานเราเดินเล่นริมแม่น้ำและให้อาหารเป็ดจนมืดค่ำ",
    "Lao": "ມື້ວານນີ້ພວກເຮົາຍ່າງຫຼິ້ນແຄມແມ່ນໍ້າ ແລະໃຫ້ອາຫານເປັດຈົນມືດ",
    "Khmer": "ម្សិលមិញ\u200bយើង\u200bដើរលេង\u200bតាម\u200bមាត់ទន្លេ\u200bរហូត\u200bដល់\u200bងងឹត",
    "Burmese": "မနေ့က ကျွန်တော်တို့ မြစ်ကမ်းဘေးမှာ လမ်းလျှောက်ပြီး ဘဲတွေကို အစာကျွေးခဲ့တယ်။",
    "Tibetan": "ཁ་སང་ང་ཚོས་གཙང་པོའི་འགྲམ་དུ་འཆམ་འཆམ་བྱས་པ་ཡིན།",
    "Chinese, simplified": "昨天我们沿着河边散步,喂鸭子一直喂到天黑才回家。",
    "Chinese, traditional": "昨天我們沿著河邊散步,餵鴨子一直餵到天黑才回家。",
    "Japanese": "昨日は川沿いを散歩して、暗くなるまでアヒルに餌をやっていました。ＰＣは家です。",
    "Korean": "어제 우리는 강가를 걸으며 어두워질 때까지 오리에게 먹이를 주었어요.",
    "Mongolian": "ᠥᠴᠥᠭᠡᠳᠦᠷ ᠪᠢᠳᠡ ᠭᠣᠣᠯ ᠤᠨ ᠬᠥᠪᠡᠭᠡ ᠪᠡᠷ ᠠᠯᠬᠤᠯᠠᠪᠠ",
    "Amharic": "ትናንት በወንዙ ዳርቻ ተራመድን፤ እስኪጨልምም ዳክዬዎችን መገብን።",
    "Cherokee": "ᎪᎱᏍᏗ ᎤᏩᎾᏕᏍᎩ ᎤᏙᎯᏳᎯ ᎣᏍᏓ",
    "Mathematics": "Then sin α cos β ≤ ½ for all x ∈ ℝ, and ∑ 𝑥ᵢ² = 𝑛 by Σ-additivity.",
    "Emoji": "What a day 😍👨\u200d👩\u200d👧\u200d👦🏳️\u200d🌈👍🏽 in 🇫🇷!",
    "Emoji, England": "Here 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f won.",
}


@pytest.mark.parametrize("script", SENTENCES)
def test_an_ordinary_sentence_is_no_evidence(script: str) -> None:
    assert names(SENTENCES[script]) == set()
    assert judge(SENTENCES[script]).score < 0.2


def test_there_are_many_scripts() -> None:
    assert len({script.split(",")[0].split(" ")[0] for script in SENTENCES}) > 25


def rows(label: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (DATA / f"{label}.jsonl").read_text("utf-8").splitlines()]


HAM = rows("ham")
SPAM = rows("spam")


def test_both_kinds_speak_all_languages() -> None:
    languages = Counter(row["lang"] for row in HAM)
    assert languages == Counter(row["lang"] for row in SPAM)
    assert len(languages) == 40
    assert min(languages.values()) == 4
    assert all(set(row) == {"text", "lang", "kind"} for row in HAM + SPAM)


def test_no_ham_is_called_spam() -> None:
    assert [row["lang"] for row in HAM if judge(row["text"]).score > 0.7] == []


def test_hardly_any_ham_is_to_be_reviewed() -> None:
    review = [row["lang"] for row in HAM if judge(row["text"]).score >= 0.3]
    assert len(review) <= 0.01 * len(HAM)


def test_no_ham_of_any_language_counts_as_disguised() -> None:
    assert [row["lang"] for row in HAM if not names(row["text"]).isdisjoint(DISGUISE)] == []


def test_ham_weighs_less_than_spam_in_english_and_in_the_other_languages() -> None:
    def mean(data: list[dict[str, str]], *, english: bool) -> float:
        scores = [judge(row["text"]).score for row in data if (row["lang"] == "en") == english]
        return sum(scores) / len(scores)

    for english in (True, False):
        assert mean(SPAM, english=english) > 1.5 * mean(HAM, english=english)


@pytest.mark.parametrize("state", ["missing", "forged", "expired", "foreign", "used"])
def test_nobody_is_refused_for_a_lost_form_token(state: str) -> None:
    scores = [judge(row["text"], form_token=state).score for row in HAM]
    assert max(scores) <= 0.7
    # The figure of docs/how-to/form-tokens.md.
    assert sum(score >= 0.3 for score in scores) / len(scores) <= 0.04
