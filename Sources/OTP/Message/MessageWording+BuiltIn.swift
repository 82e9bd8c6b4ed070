// SPDX-License-Identifier: Apache-2.0

extension MessageWording {
    /// All built-in wordings.
    ///
    /// Each wording is in its own file in the folder `Languages`.
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
