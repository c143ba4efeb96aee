"""Phrases that spam is made of: matched as whole words, case does not matter.

A phrase is evidence, not proof: customers ask about prices, moderators quote what they delete. So
the heaviest alone does not make spam, and the total is limited.
"""

STRONG = 2.8
USUAL = 1.8
WEAK = 0.8

STRONG_PHRASES = (
    # English: offers nobody asked for
    "100% free", "act now", "adult dating", "backlink package", "best seo", "binary options",
    "boost your ranking", "boost your rankings", "boost your sales", "buy followers", "buy instagram followers",
    "buy viagra", "buy cialis", "cash bonus", "cheap essay", "cheap viagra", "claim your prize",
    "crypto investment", "double your bitcoin", "double your money", "dofollow backlinks",
    "earn from home", "extra income", "financial freedom", "first page of google", "free bitcoin", "free money",
    "free nitro", "free robux", "free spins", "get rich", "google ranking", "google rankings",
    "guaranteed income", "guaranteed profit", "guaranteed ranking", "guest post", "guest posts", "high da",
    "hot singles", "increase your traffic", "investment opportunity", "keto gummies",
    "link building", "lose weight fast", "low price guarantee", "make money fast", "make money from home", "make money online", "million dollars",
    "monthly income", "no deposit bonus", "no credit check", "online casino", "online pharmacy",
    "page 1 of google", "page one of google", "passive income", "payday loan", "payday loans", "penis enlargement",
    "pharmacy online", "quality backlinks", "rank higher", "rank your website", "replica watches", "search engine optimization",
    "seo agency", "seo company", "seo expert", "seo service", "seo services", "social media marketing", "sports betting",
    "sub4sub", "sub 4 sub", "top of google", "trading signals", "web traffic", "website traffic", "weight loss pills",
    "wire transfer", "work from home", "you have been selected", "you have won", "your website to the top",
    "contact form marketing", "contact forms", "email list", "explainer video", "forex signals", "mobile app development",
    "website redesign", "redesign your website", "seo audit", "free audit", "unsecured loan", "loan offer", "business loan",
    # Russian and Ukrainian
    "без вложений", "быстрый заработок", "заработок в интернете", "заработок на дому", "онлайн казино", "пассивный доход",
    "продвижение сайта", "продвижение сайтов", "рассылка по формам", "раскрутка сайта", "ставки на спорт", "купить диплом",
    "кредит без отказа", "удаленный заработок", "удалённый заработок", "доход от", "пишите в лс", "пиши в лс", "подработка",
    # Spanish, Portuguese, Italian, French
    "ganar dinero", "dinero fácil", "primera página de google", "posicionamiento web", "posicionamiento seo", "préstamo urgente",
    "ganhar dinheiro", "ganhe dinheiro", "renda extra", "primeira página do google", "empréstimo",
    "prima pagina di google", "guadagnare online", "guadagno extra", "gagner de l'argent", "première page de google",
    "prêt entre particuliers", "référencement naturel",
    # German, Dutch, Nordic, Polish, Czech, Turkish, Indonesian, Vietnamese
    "geld verdienen", "seite 1 bei google", "seite 1 von google", "backlinks kaufen", "passives einkommen", "schnelles geld",
    "geld verdienen online", "eerste pagina van google", "pozycjonowanie stron", "szybka pożyczka", "zarabiaj w domu",
    "kaçak bahis", "canlı bahis", "bahis sitesi", "deneme bonusu", "slot gacor", "judi online", "situs judi", "slot online",
    "agen slot", "link alternatif", "maxwin", "nhà cái", "kiếm tiền online", "vay tiền",
)  # fmt: skip

USUAL_PHRASES = (
    "backlinks", "bitcoin", "casino", "check out my channel", "check out my page", "check out my website", "cialis",
    "click here", "click the link", "crypto", "cryptocurrency", "dear friend", "discount code", "don't miss", "earn money", "forex",
    "free gift", "free trial", "gift card", "giveaway", "guaranteed", "investors", "join my", "jackpot", "limited time",
    "limited offer", "link in bio", "my channel", "nft", "onlyfans", "order now", "outreach", "per day", "per week", "promo code",
    "promote your", "reply yes", "risk free", "risk-free", "seo", "sign up now", "special offer", "subscribe to my", "telegram channel",
    "text me", "unsubscribe", "viagra", "visit my", "visit our website", "whatsapp", "white label", "buy now",
    "казино", "заработок", "инвестиции", "криптовалюта", "кредит", "скидка", "подписывайтесь", "переходи по ссылке", "ссылка в профиле",
    "haz clic aquí", "oferta especial", "préstamo", "clique aqui", "clicca qui", "cliquez ici", "offre spéciale",
    "hier klicken", "jetzt kaufen", "klik hier", "klik di sini", "kliknij tutaj", "buraya tıklayın", "bahis", "gacor", "jp",
)  # fmt: skip

WEAK_PHRASES = (
    "amazing", "best price", "best prices", "bonus", "cheap", "contact me", "contact us", "discount", "dm me", "earn", "free",
    "hurry", "income", "instant", "invest", "investment", "loan", "loans", "lowest price", "marketing", "offer", "profit", "promotion",
    "sale", "services", "subscribe", "traffic", "winner", "your business", "your site", "your website",
)  # fmt: skip

UNSPACED_PHRASES = (
    # Chinese, Japanese, Thai: written without spaces between the words
    "加微信", "加vx", "微信号", "代开发票", "开发票", "兼职", "刷单", "日结", "贷款", "博彩", "彩票", "菠菜", "棋牌", "返利", "包赢", "网赚",
    "副業", "稼げる", "出会い", "無料登録", "今すぐ登録", "สล็อต", "เว็บพนัน", "คาสิโน", "บาคาร่า", "เครดิตฟรี",
)  # fmt: skip
