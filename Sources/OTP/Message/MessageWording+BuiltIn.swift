extension MessageWording {
    /// The wordings of the package, one file of `Languages/` each; this is the only list of them.
    static let builtIn: [MessageWording] = [
        .english,
        .simplifiedChinese,
        .traditionalChinese,
        .japanese,
        .korean,
        .spanish,
        .french,
        .german,
        .portuguese,
        .italian,
        .dutch,
        .polish,
        .turkish,
        .russian,
        .arabic,
        .hindi,
        .indonesian,
        .thai,
        .vietnamese,
    ]
}
