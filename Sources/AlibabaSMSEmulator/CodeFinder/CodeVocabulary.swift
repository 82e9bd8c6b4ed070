// SPDX-License-Identifier: Apache-2.0

/// The words that distinguish codes from other numbers.
///
/// A `*` at the start or the end of an entry matches the rest of a longer word, as in compounds and inflections.
enum CodeVocabulary {
    /// Words for a verification code, grouped by language.
    static let strongKeywords = [
        // English, and loanwords of most languages
        "*code", "codes", "otp", "otps", "pin", "passcode", "password", "token", "tac",
        // Chinese, Japanese, Korean
        "*验证码*", "*驗證碼*", "*校验码*", "*校驗碼*", "*动态码*", "*動態碼*", "*动态密码*", "*動態密碼*", "*确认码*", "*確認碼*",
        "*认证码*", "*認證碼*", "*短信密码*", "*コード*", "*認証番号*", "*確認番号*", "*暗証番号*", "*パスワード*", "*인증번호*",
        "*인증 번호*", "*코드*", "*비밀번호*", "*확인번호*",
        // Romance languages
        "código*", "codigo*", "clave", "contraseña", "senha", "codice", "codici", "codul", "cod", "mot de passe",
        // Germanic languages
        "tan", "passwort", "kennwort", "einmalpasswort", "*wachtwoord", "*kode", "*koden", "*kod", "lösenord",
        // Slavic and Baltic languages, Greek, Hungarian, Finnish
        "kod*", "kód*", "hasło", "heslo", "код*", "парол*", "κωδικ*", "jelszó", "*koodi*", "kodas", "kods",
        // Turkish, Arabic, Hebrew, Persian, Hindi, Bengali, Tamil
        "şifre*", "parola*", "*رمز*", "*كود*", "*کد*", "*קוד*", "*कोड*", "*ओटीपी*", "*पासवर्ड*", "*কোড*", "*குறியீடு*",
        // South-East Asia
        "sandi", "mã", "mật khẩu", "*รหัส*", "*លេខកូដ*",
    ]

    /// Words that often appear near codes, but also appear in texts without a code.
    static let weakKeywords = [
        "verification", "verify", "verifizier*", "vérification", "verificación", "verificação", "verifica",
        "verificatie", "weryfikac*", "doğrulama", "подтвержд*", "verifikasi", "xác minh", "xác thực", "log in",
        "sign in", "*验证*", "*驗證*", "*認証*", "*인증*", "*登录*", "*登錄*", "*登入*", "*ログイン*", "*로그인*",
    ]

    /// Words that end with "code" or a similar word, but do not mean a verification code, such as "barcode".
    static let otherCodes: Set<String> = [
        "barcode", "postcode", "zipcode", "qrcode", "promocode", "unicode", "encode", "decode", "areacode",
        "sourcecode",
        "geocode", "discountcode", "couponcode", "decodes", "episode",
    ]

    /// Words before or after "code" that denote another kind of code, such as a postal code.
    static let otherCodeAttributes: Set<String> = [
        "promo", "promotional", "discount", "coupon", "voucher", "zip", "post", "postal", "area", "country", "sort",
        "swift",
        "source", "error", "product", "referral", "gift", "promotionnel", "promocional", "fiscale", "fiscal", "barre",
        "barras", "barra", "dress", "qr",
    ]

    /// Words for numbers that are not codes, such as order and phone numbers.
    static let otherNumbers: Set<String> = [
        "order", "orders", "ord", "ref", "reference", "invoice", "inv", "ticket", "booking", "reservation", "tracking",
        "shipment", "parcel", "case", "policy", "flight", "room", "pnr", "transaction", "txn", "trx", "amount",
        "balance", "total", "price", "call", "tel", "telephone", "phone", "mobile", "contact", "helpline", "hotline",
        "dial", "ring", "fax", "whatsapp", "reply", "stop", "sms", "version", "build", "year", "since", "until",
        "copyright", "ext", "extension", "po", "imei", "meter", "item", "model", "suite", "unit", "street",
        "bestellung", "bestellnummer", "auftrag", "auftragsnummer", "rechnung", "rechnungsnummer", "kundennummer",
        "telefon", "betrag", "vorgang", "sendung", "hausnummer", "commande", "facture", "téléphone", "tél", "montant",
        "dossier", "colis", "réservation", "pedido", "factura", "teléfono", "importe", "reserva", "fatura", "telefone",
        "valor", "ordine", "fattura", "telefono", "importo", "bestelling", "ordernummer", "factuur", "telefoon",
        "bedrag", "zamówienie", "zamówienia", "zamówieniem", "faktura", "kwota", "sipariş", "siparişiniz", "tutar",
        "заказ", "заказа", "заказу", "сумма", "телефон", "тел", "pesanan", "telepon", "faktur", "hàng", "الطلب", "طلب",
        "هاتف", "ऑर्डर",
    ]

    /// Words for an account or a card.
    ///
    /// A number after such a word can be a code only if a colon separates the word from the number.
    static let otherAccounts: Set<String> = [
        "account", "acct", "acc", "card", "ending", "ends", "customer", "member", "digits", "konto", "kontonummer",
        "karte", "compte", "carte", "cuenta", "tarjeta", "terminada", "conta", "cartão", "final", "conto", "carta",
        "rekening", "kaart", "pas", "karta", "karty", "hesap", "hesabınız", "kart", "kartınız", "счёт", "счет", "карта",
        "карты", "карте", "kartu", "khoản", "thẻ", "بطاقة", "البطاقة", "حساب", "कार्ड", "खाता",
    ]

    /// Labels of numbers that are not codes, such as "order number", in languages whose words are not always separated by
    /// blanks.
    static let otherNumbersAtEnd = [
        "订单", "订单号", "訂單", "訂單號", "订单编号", "尾号", "尾號", "尾号为", "卡号", "卡號", "账号", "帳號", "电话", "電話", "热线", "熱線",
        "客服", "单号", "單號", "金额", "金額", "注文番号", "注文", "電話番号", "口座番号", "주문번호", "주문", "카드", "전화", "계좌", "คำสั่งซื้อ", "บัตร",
        "บัญชี", "โทร",
    ]
    .map(Array.init)

    /// Words that may separate a label from its number.
    static let fillers: Set<String> = [
        "no", "nos", "nr", "nb", "n", "num", "number", "nummer", "numéro", "numero", "número", "numer", "numarası",
        "nomor", "nº", "n°", "№", "номер", "номером", "số", "id", "in", "on", "with", "at", "to", "en", "mit", "auf",
        "em", "con", "us", "our", "the", "last", "رقم", "xx",
    ]

    /// Abbreviations whose full stop does not end a sentence.
    static let abbreviations: Set<String> = [
        "no", "nr", "nos", "num", "ref", "tel", "tél", "acct", "inv", "тел", "ext",
    ]

    /// Words that connect a code with a keyword, such as "is" in "your code is 123456".
    static let connectors: Set<String> = [
        "is", "are", "was", "be", "as", "your", "the", "this", "a", "my", "use", "enter", "ist", "lautet", "ihr",
        "ihre",
        "dein", "der", "die", "das", "est", "votre", "ton", "le", "la", "es", "su", "tu", "el", "é", "seu", "sua", "o",
        "è", "il", "tuo", "jouw", "uw", "je", "jest", "twój", "to", "это", "ваш", "твой", "adalah", "anda", "là", "của",
        "bạn", "हो", "है", "आपका", "هو", "是", "为", "為", "は", "です", "คือ", "입니다", "은", "는", "otp", "code", "pin",
        "yours",
    ]

    /// Currency codes and currency words.
    static let currencies: Set<String> = [
        "usd", "eur", "euro", "euros", "gbp", "rs", "inr", "sgd", "hkd", "cny", "rmb", "jpy", "krw", "rm", "idr", "rp",
        "thb", "vnd", "aud", "cad", "nzd", "chf", "sek", "nok", "dkk", "kr", "pln", "zł", "tl", "rub", "руб", "aed",
        "sar", "brl", "mxn", "php", "twd", "ntd", "myr", "pkr", "lkr", "bdt", "ngn", "kes", "zar", "egp", "kwd", "qar",
        "dollars", "pounds", "rupees", "yen", "baht", "ringgit", "đ", "元", "円", "원", "บาท",
    ]

    /// Units of time.
    static let timeUnits = [
        "s", "sec", "secs", "second*", "min", "mins", "minut*", "h", "hr", "hrs", "hour*", "day", "days", "week*",
        "month*", "year*", "tag", "tage", "tagen", "stunde*", "sekund*", "jour*", "heure*", "segund*", "hora", "horas",
        "día", "días", "dia", "dias", "giorn*", "ore", "uur", "dag", "dagen", "godz*", "dni", "мин*", "сек*", "час",
        "часа", "часов", "дня", "дней", "dakika*", "saniye*", "saat", "gün", "phút", "giây", "giờ", "menit", "detik",
        "jam", "hari", "นาที*", "วินาที*", "मिनट*", "घंटे", "दिन", "دقيقة", "دقائق", "ثانية", "ساعة", "分钟*", "分鐘*",
        "分間*", "分以*", "分内*", "秒*", "小时*", "小時*", "時間*", "天*", "시간*",
    ]

    /// Returns whether a word matches an entry of ``timeUnits``.
    ///
    /// A `*` at the end of the entry matches any ending. No entry of this list begins with `*`.
    static func fits(_ word: String, _ entry: String) -> Bool {
        entry.hasSuffix("*") ? word.hasPrefix(entry.dropLast()) : word == entry
    }
}
