"""Written-language detection: one sentence or two a language, the near ones side by side."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.language.detect import detect

TEXTS = {
    "en": "The clinic opened in the spring, and since then more than two hundred people have come for help with their sleep, which was not what the doctors had expected.",
    "es": "La clínica abrió en primavera y desde entonces más de doscientas personas han llegado para pedir ayuda con el sueño, lo que no era lo que los médicos esperaban.",
    "fr": "La clinique a ouvert au printemps et depuis plus de deux cents personnes sont venues pour leur sommeil, ce qui n'est pas ce que les médecins avaient prévu avec leurs collègues.",
    "de": "Die Klinik wurde im Frühjahr eröffnet, und seitdem sind mehr als zweihundert Menschen gekommen, um sich bei Schlafproblemen helfen zu lassen, was die Ärzte nicht erwartet hatten.",
    "it": "La clinica ha aperto in primavera e da allora più di duecento persone sono arrivate per chiedere aiuto con il sonno, che non è quello che i medici della città si aspettavano.",
    "pt": "A clínica abriu na primavera e desde então mais de duzentas pessoas chegaram para pedir ajuda com o sono, o que não era o que os médicos da cidade esperavam, mas foi muito bom.",
    "nl": "De kliniek werd in het voorjaar geopend en sindsdien zijn er meer dan tweehonderd mensen gekomen om hulp te vragen bij het slapen, wat de artsen niet hadden verwacht.",
    "pl": "Klinika została otwarta na wiosnę i od tego czasu przyszło do niej ponad dwieście osób, które nie mogły spać, co nie jest tym, czego lekarze się spodziewali, ale jak się okazało tak już jest.",
    "cs": "Klinika byla otevřena na jaře a od té doby do ní přišlo více než dvě stě lidí, kteří se nemohli vyspat, což není to, co lékaři čekali, ale jak se ukázalo, je to tak.",
    "ro": "Clinica a fost deschisă în primăvară și de atunci mai mult de două sute de oameni au venit pentru ajutor cu somnul, ceea ce nu este ceva la care medicii se așteptau să fie.",
    "tr": "Klinik ilkbaharda açıldı ve o zamandan bu yana iki yüzden fazla insan uyku için yardım istemek üzere geldi, bu da doktorların beklediği gibi değil ama çok iyi bir sonuç oldu.",
    "sv": "Kliniken öppnade på våren och sedan dess har mer än två hundra personer kommit för att få hjälp med sömnen, vilket inte var det som läkarna hade väntat sig.",
    "da": "Klinikken åbnede om foråret, og siden er mere end to hundrede mennesker kommet for at få hjælp til søvnen, hvad der ikke var det, som lægerne havde ventet af dem efter åbningen.",
    "no": "Klinikken åpnet om våren, og siden har mer enn to hundre mennesker kommet for å få hjelp med søvnen, noe som ikke var det legene hadde ventet seg av dem etter åpningen.",
    "fi": "Klinikka avattiin keväällä, ja sen jälkeen yli kaksisataa ihmistä on tullut hakemaan apua uneen, mikä ei ole se mitä lääkärit olivat odottaneet, mutta nyt kaikki ovat tyytyväisiä ja voi olla että niin on hyvin.",
    "hu": "A klinika tavasszal nyílt meg, és azóta több mint kétszáz ember jött, hogy segítséget kérjen az alváshoz, ami nem az volt, amit az orvosok vártak, de ez már csak így van.",
    "id": "Klinik itu dibuka pada musim semi dan sejak saat itu lebih dari dua ratus orang telah datang untuk meminta bantuan dengan tidur mereka, yang tidak diharapkan oleh para dokter.",
    "vi": "Phòng khám được mở vào mùa xuân và từ đó đã có hơn hai trăm người đến để nhờ giúp đỡ về giấc ngủ, điều này không phải là những gì các bác sĩ mong đợi.",
    "ru": "Клиника открылась весной, и с тех пор за помощью обратились более двухсот человек, что не было тем, чего ожидали врачи, но это так и есть, как они говорят.",
    "uk": "Клініка відкрилася навесні, і з того часу по допомогу звернулися понад двісті людей, що не було тим, чого очікували лікарі, але це так і є, як вони кажуть.",
    "bg": "Клиниката беше открита през пролетта и оттогава за помощ са дошли повече от двеста души, което не е това, което лекарите са очаквали, но така е и ще бъде.",
    "el": "Η κλινική άνοιξε την άνοιξη και από τότε περισσότεροι από διακόσιοι άνθρωποι ήρθαν για βοήθεια με τον ύπνο τους, κάτι που δεν περίμεναν οι γιατροί.",
    "ar": "افتتحت العيادة في الربيع ومنذ ذلك الحين جاء أكثر من مئتي شخص لطلب المساعدة في النوم وهو ما لم يكن يتوقعه الأطباء في هذه المدينة على الإطلاق",
    "fa": "این درمانگاه در بهار باز شد و از آن زمان بیش از دویست نفر برای کمک به خواب خود آمده‌اند که این چیزی نبود که پزشکان انتظار داشتند",
    "he": "המרפאה נפתחה באביב ומאז הגיעו יותר ממאתיים אנשים לבקש עזרה בשינה שלהם וזה לא מה שהרופאים ציפו לו כאשר פתחו אותה בעיר הזאת",
    "hi": "क्लिनिक वसंत में खुला और तब से दो सौ से अधिक लोग नींद में मदद के लिए आए हैं जो डॉक्टरों की उम्मीद के अनुसार नहीं था लेकिन यह सच है",
    "th": "คลินิกเปิดในฤดูใบไม้ผลิและตั้งแต่นั้นมามีผู้คนมากกว่าสองร้อยคนมาขอความช่วยเหลือเรื่องการนอนหลับ",
    "zh": "诊所在春天开业,从那时起已有两百多人前来寻求睡眠方面的帮助,这并不是医生们所预料的情况。",
    "ja": "クリニックは春に開院し、それ以来二百人以上の人々が睡眠の相談に訪れましたが、これは医師たちの予想とは違っていました。",
    "ko": "진료소는 봄에 문을 열었고 그때부터 이백 명이 넘는 사람들이 수면에 대한 도움을 받으러 왔는데 이것은 의사들이 예상한 것이 아니었으며 지금도 많은 사람들이 계속 찾아오고 있다",
}  # fmt: skip


@pytest.mark.parametrize("code", TEXTS)
def test_detect(code: str) -> None:
    assert detect(TEXTS[code]) == code
    assert detect(TEXTS[code].upper()) == code


@pytest.mark.parametrize("text", ["", "The end of it.", "12 345 " * 50, "— … !" * 40, "Casino", "qwx zzkv vvqp " * 30])
def test_too_short_or_no_language(text: str) -> None:
    assert detect(text) == ""


def test_a_few_foreign_words_change_nothing() -> None:
    assert detect(TEXTS["en"] + " казино онлайн " + TEXTS["en"]) == "en"


def test_a_list_of_names_is_no_language() -> None:
    assert detect("Arizona Cardinals Atlanta Falcons Baltimore Ravens Buffalo Bills Carolina Panthers " * 5) == ""


@given(st.text(max_size=400))
def test_nothing_raises(text: str) -> None:
    assert detect(text) == "" or len(detect(text)) == 2
