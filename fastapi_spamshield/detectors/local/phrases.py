# ruff: noqa: RUF001 - Letters of other alphabets are meant.
"""Phrases that spam is made of: matched as whole words, case does not matter.

A phrase is evidence, not proof: customers ask about prices, moderators quote what they delete. So
the heaviest alone asks for a review at most, and so does their limited total.
"""

INVITING = 3.2
STRONG = 2.8
USUAL = 1.8
WEAK = 0.6
PRAISE = 0.6

# fmt: off
INVITING_PHRASES: tuple[str, ...] = (
    # Those who advertise themselves below the videos and posts of others
    "check my channel", "check my new video", "check my page", "check my profile",
    "check out my channel", "check out my cover", "check out my music", "check out my new",
    "check out my page", "check out my profile", "check out my song", "check out my video",
    "check out my videos", "check out my website", "come check out my", "help me get subs",
    "like and subscribe", "my new song", "please check out my", "please subscribe",
    "pls subscribe", "plz subscribe", "sub back", "subs please", "subscribe back", "subscribe me",
    "subscribe to me", "subscribe to my", "visit my channel", "watch my video",
)

STRONG_PHRASES: tuple[str, ...] = (
    # English: offers nobody asked for
    "100% free", "act now", "adult dating", "backlink package", "best seo", "binary options",
    "boost your ranking", "boost your rankings", "boost your sales", "boost your traffic",
    "buy cialis", "buy followers", "buy instagram followers", "buy likes", "buy viagra",
    "cash bonus", "cash prize", "cheap essay", "cheap viagra", "claim your prize",
    "claim your reward", "contact form marketing", "crypto investment", "dating service",
    "dofollow", "dofollow links", "double your bitcoin", "double your money", "earn from home",
    "escort service", "escorts", "explainer video", "extra income", "financial freedom",
    "first page of google", "forex signals", "free audit", "free bitcoin", "free entry",
    "free money", "free msg", "free nitro", "free robux", "free spins", "free v bucks", "freemsg",
    "full time from home", "get rich", "google ranking", "google rankings", "guaranteed income",
    "guaranteed profit", "guaranteed profits", "guaranteed ranking", "guaranteed results",
    "guaranteed returns", "guest post", "guest posts", "herbal cure", "hot singles",
    "increase your traffic", "investment opportunity", "investment platform", "keto gummies",
    "link building", "live casino", "loan offer", "lose weight fast", "love spell",
    "low price guarantee", "lucky winner", "make money fast", "make money from home",
    "make money online", "monthly income", "next of kin", "no credit check", "no deposit bonus",
    "online casino", "online pharmacy", "our seo", "page 1 of google", "page one of google",
    "passive income", "payday loan", "payday loans", "penis enlargement", "pharmacy online",
    "prize guaranteed", "quality backlinks", "rank higher", "rank your website",
    "redesign your website", "replica rolex", "replica watches", "secret admirer", "seo agency",
    "seo audit", "seo company", "seo expert", "seo package", "seo packages", "seo service",
    "seo services", "smm panel", "specially selected", "spell caster", "sports betting",
    "sub 4 sub", "sub4sub", "subscribe to my channel", "text stop", "to claim call",
    "top of google", "trading signals", "txt stop", "unclaimed prize", "unsecured loan",
    "ur awarded", "weight loss pills", "working from home and make", "you are a winner",
    "you are awarded", "you have been awarded", "you have been selected", "you have won",
    "you've been selected", "you've won", "your prize", "your website to the top",
    # Russian, Ukrainian, Bulgarian, Serbian, Greek
    "brza zarada", "brzi krediti", "seo оптимизация", "zarada od kuće", "διαδικτυακό καζίνο",
    "καζίνο online", "παθητικό εισόδημα", "базы email", "без вложений", "безкоштовні спіни",
    "брза зарада", "бърз кредит", "быстрый заработок", "виагра", "вывод в топ", "займ без отказа",
    "заработок в интернете", "заработок на дому", "заробіток в інтернеті", "заробіток вдома",
    "казино онлайн", "кредит без отказа", "купить диплом", "купить подписчиков", "нажмите здесь",
    "накрутка подписчиков", "онлайн казино", "онлайн казино бонус", "пасивен доход",
    "пасивний дохід", "пассивный доход", "печелете от вкъщи", "пиши в лс", "пишите в лс",
    "продвижение сайта", "продвижение сайтов", "просування сайту", "просування сайтів",
    "раскрутка сайта", "раскрутка сайтов", "рассылка по формам", "рассылки по формам",
    "ставки на спорт", "топ 10 яндекса", "удаленный заработок", "удалённый заработок",
    # Spanish, Portuguese, Catalan, Italian, French, Romanian
    "amarres de amor", "bani rapid", "casino en ligne", "casino en línea", "casino online",
    "cazinou online", "credite rapide", "câștigă bani", "dinero fácil", "dinheiro fácil",
    "empréstimo rápido", "gagner de l'argent", "gana dinero", "ganar dinero", "ganhar dinheiro",
    "ganhe dinheiro", "guadagna da casa", "guadagnare da casa", "guadagnare online",
    "guadagno extra", "guanyar diners", "ingresos extra", "ingresos pasivos", "lavora da casa",
    "posicionamiento seo", "posicionamiento web", "première page de google", "prestito veloce",
    "prima pagina di google", "prima pagină google", "primeira página do google",
    "primera página de google", "primeros puestos de google", "préstamo urgente",
    "préstamos rápidos", "prêt entre particuliers", "reddito passivo", "renda extra",
    "renda passiva", "retour affectif", "retour de l'être aimé", "revenu passif",
    "revenus passifs", "référencement naturel", "trabaja desde casa", "trabalhe em casa",
    "travailler à domicile",
    # German, Dutch, Nordic, Baltic, Finnish, Hungarian
    "backlinks kaufen", "eerste pagina van google", "första sidan på google",
    "første side på google", "geld verdienen", "geld verdienen online", "greitasis kreditas",
    "gyors pénz", "hoger in google", "kiirlaen", "kredit ohne schufa", "nebenverdienst",
    "nettcasino", "nettikasino", "online casino bonus", "online kaszinó", "passief inkomen",
    "passiv inkomst", "passiv inntekt", "passives einkommen", "passzív jövedelem", "pikavippi",
    "schnelles geld", "seite 1 bei google", "seite 1 von google", "seite eins bei google",
    "snabba pengar", "snel geld", "teeni raha", "tienaa rahaa", "tjen penge", "tjen penger",
    "tjäna pengar", "uždirbk pinigus", "von zu hause aus verdienen",
    # Polish, Czech, Slovak
    "chwilówka bez bik", "dochód pasywny", "kasyno online", "pasivní příjem",
    "pozycjonowanie stron", "první stránka google", "pôžička bez registra", "půjčka bez registru",
    "rychlá půjčka", "rýchla pôžička", "szybka pożyczka", "vydělávejte z domova",
    "zarabiaj w domu", "zarábajte z domu",
    # Turkish, Indonesian, Malay, Vietnamese, Tagalog, Swahili
    "agen slot", "bahis sitesi", "canlı bahis", "daftar sekarang", "deneme bonusu", "depo 10k",
    "ek gelir", "evden para kazan", "gampang menang", "google ilk sayfa", "güvenilir bahis",
    "judi online", "kaçak bahis", "kiếm tiền online", "kumita online", "link alternatif",
    "maxwin", "mkopo wa haraka", "nhà cái", "nổ hũ", "pata pesa", "pendapatan pasif",
    "pinjaman online", "pinjaman peribadi", "situs gacor", "situs judi", "situs slot",
    "slot gacor", "slot online", "soi kèo", "takipçi satın al", "tanpa jaminan", "togel",
    "toplu mail", "tài xỉu", "vay tiền", "vay tiền nhanh", "việc nhẹ lương cao",
    # Arabic, Persian, Urdu, Hebrew, Hindi, Bengali, Korean
    "ghar baithe", "paise kamaye", "גלגל הצלה כלכלי", "הכנסה פסיבית", "הלוואה מהירה", "קזינו",
    "آن لائن کمائی", "اربح المال", "افزایش فالوور", "جلب الحبيب", "درآمد دلاری", "ربح المال",
    "زيادة متابعين", "سایت شرط بندی", "شرط بندی", "قرض سريع", "كازينو", "घर बैठे",
    "घर बैठे कमाएं", "पैसे कमाएं", "ঘরে বসে", "ঘরে বসে আয়", "꽁머니", "당일대출", "무료체험",
    "바카라", "첫충", "카지노", "토토사이트",
)

USUAL_PHRASES: tuple[str, ...] = (
    "1 on google", "abone ol", "account suspended", "account will be suspended", "ad campaign",
    "adult content", "airdrop", "backlink", "backlinks", "bahis", "bonus new member",
    "bonyeza hapa", "bulk sms", "buraya tıklayın", "business loan", "buy now", "bônus",
    "call now", "casino", "cbd", "cek bio", "cheapest", "check out my", "check out our",
    "check out this playlist", "cialis", "claim now", "claim your", "clicca qui", "click aici",
    "click here", "click on the link", "click the link", "clique aqui", "cliquez ici",
    "cold email", "cryptocurrency", "dear friend", "dear webmaster", "digital marketing",
    "dinero extra", "discount code", "domain authority", "earn money", "email list", "empréstimo",
    "escort", "explode your", "fes clic", "final notice", "for a live operator", "forex",
    "free consultation", "free credits", "free gift", "free quote", "free trial", "gacor",
    "get paid", "gift vouchers", "giveaway", "gratis testen", "growth hacking", "haz clic",
    "haz clic aquí", "hier klicken", "horny", "i-click", "in my bio", "inbox em",
    "instagram followers", "investors", "iptv", "jackpot", "jetzt bestellen", "jetzt kaufen",
    "jetzt sichern", "join my", "jual akun", "kampanya", "kattints ide", "klicka här", "klik bio",
    "klik di sini", "klik her", "klik hier", "klik link", "kliki siia", "klikk her",
    "klikkaa tästä", "kliknij tutaj", "kliknite sem", "klikněte zde", "kreditangebot", "kèo",
    "lead generation", "leads for", "limited offer", "limited time", "link en mi perfil",
    "link in bio", "link in my bio", "link in my profile", "link in profile", "lowest rates",
    "ma chaîne", "male enhancement", "mein kanal", "meu canal", "mi canal", "million dollars",
    "mobile app development", "my channel", "my onlyfans", "my playlist", "mój kanał",
    "netlinking", "nft", "no obligation", "norton", "nudes", "oferta especial", "offre spéciale",
    "onlyfans", "opt out", "order now", "our seo team", "per month at", "per msg",
    "personal loan", "pinjaman", "potential customers", "pożyczka", "pre approved", "presale",
    "prestito", "promo code", "promote your", "préstamo", "préstamos", "pôžička", "půjčka",
    "referral code", "reply stop", "reply yes", "ringtone", "ringtones", "risk free", "risk-free",
    "rolex", "search engine optimization", "seguidores", "sichern sie sich", "sign up now",
    "social media marketing", "spauskite čia", "special offer", "special promotion",
    "sugar daddy", "takipçi", "tarot", "tarotista", "telegram channel", "testimonials from",
    "text me", "tigrinho", "to claim", "toll free", "top ranking", "trading platform",
    "unsubscribe", "uy tín", "valid 12hrs", "valued customer", "via pix", "viagra", "vip group",
    "visit my", "vrijblijvend", "website redesign", "website traffic", "whatsapp group",
    "white hat", "white label", "wholesale", "wire transfer", "won a", "work from home", "xxx",
    "your competitors", "your google ranking", "your mobile number has", "your niche",
    "your online presence", "your site is missing", "zalo", "împrumut", "έκπτωση", "δάνειο",
    "κάντε κλικ εδώ", "вейп", "выигрыш", "доход от", "забронируйте", "заработок", "знижка",
    "инвестиции", "казино", "казино бонус", "кликнете тук", "кликни овде", "кредит",
    "кредит онлайн", "крипта", "криптовалюта", "лотерея", "переходи по ссылке",
    "переходите по ссылке", "подписчиков", "подписывайтесь", "подпишись", "подработка",
    "посетите наш", "прибыль от", "продвижение", "промокод", "промоция", "підпишись", "скидка",
    "скидки", "ссылка в профиле", "фриспины", "הלוואה", "לחצו כאן", "اضغط هنا", "قرضہ", "متابعين",
    "واتساب", "وام", "کلیک کنید", "यहाँ क्लिक करें", "लोन", "ঋণ", "এখানে ক্লিক করুন", "대출",
    "상담문의", "카톡", "텔레그램",
)

WEAK_PHRASES: tuple[str, ...] = (
    "18+", "amazing", "angebot", "apply now", "awarded", "best price", "best prices", "bitcoin",
    "bonus", "cash", "cheap", "check it out", "check out this", "click", "contact me",
    "contact us", "crypto", "customers", "daily profit", "dear sir", "discount", "dm me",
    "don't miss", "earn", "earning", "followers", "free", "gift card", "gift cards", "gratis",
    "gratis ongkir", "gratuit", "gratuita", "gratuito", "growth", "grátis", "guaranteed",
    "hubungi", "hurry", "ihre website", "income", "indirim", "instant", "invest", "investment",
    "khuyến mãi", "kostenlos", "kunden", "loan", "loans", "lowest price", "marketing", "miễn phí",
    "oferta", "offer", "offerta", "outreach", "per day", "per week", "prize", "profit", "profits",
    "promo", "promoción", "promocja", "promosi", "promotion", "promoção", "rabatt", "ranking",
    "replica", "sale", "seo", "services", "sleva", "subscribe", "telegram", "traffic", "txt",
    "tıkla", "urgent", "vip", "visit our website", "web traffic", "whatsapp", "winner",
    "your business", "your company", "your site", "your website", "zdarma", "zľava", "ücretsiz",
    "безкоштовно", "бесплатно", "в сутки", "выгодно", "доход", "предлагаем", "прибыль", "ставки",
    "трафик", "رایگان", "مجاني", "मुफ्त", "무료", "이벤트",
)

UNSPACED_PHRASES: tuple[str, ...] = (
    # Chinese, Japanese, Thai: written without spaces between the words
    "คาสิโน", "บาคาร่า", "ปั่นไลค์", "ฝากถอน", "รายได้เสริม", "สล็อต", "เครดิตฟรี", "เงินกู้",
    "เพิ่มผู้ติดตาม", "เว็บตรง", "เว็บพนัน", "แจกเครดิต", "แทงบอล", "上位表示", "下款",
    "不労所得", "不看征信", "买粉", "今すぐ登録", "代办", "代开发票", "代開發", "先验后付",
    "六合彩", "兼职", "出会い", "刷单", "副業", "加vx", "加v信", "加微信", "加薇", "包赢", "博彩",
    "即日融資", "同城约", "后付款", "在宅ワーク", "威信", "娛樂城", "娱乐城", "开发票", "当選",
    "彩票", "彩金", "微信号", "无抵押", "日结", "未払い", "棋牌", "涨粉", "無料登録", "百家乐",
    "百家樂", "秒到账", "稳赚", "稼ぐ", "稼げる", "突然のご連絡失礼", "突然のメール失礼", "网赚",
    "菠菜", "薇信", "裏垢", "裸聊", "贷款", "返利", "集客", "首存", "高薪",
)

PRAISE_PHRASES: tuple[str, ...] = (
    # What is said about any page by those who want a link on it
    "amazing article", "amazing blog", "artikel yang bagus", "awesome article", "awesome blog",
    "awesome post", "bookmarked your", "excelente artículo", "excelente post",
    "excellent article", "excellent blog", "excellent post", "fantastic blog", "fantastic post",
    "good job on this", "gran artículo", "great article", "great blog", "great post",
    "great website", "helpful article", "i enjoyed reading your", "i really like your blog",
    "i really like your website", "informative article", "informative blog", "informative post",
    "keep up the good work", "keep up the great work", "nice article", "nice blog", "nice post",
    "stumbled upon your", "super article", "thanks for sharing this", "this is a great blog",
    "toller artikel", "toller beitrag", "very informative", "very interesting topic",
    "wonderful article", "wonderful post", "your blog", "your weblog", "ótimo post",
    "świetny artykuł", "отличная статья", "очень полезная статья",
)
# fmt: on
