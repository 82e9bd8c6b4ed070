// SPDX-License-Identifier: Apache-2.0

extension MessageLocale {
    /// The Indonesian language.
    public static var indonesian: Self { Self(builtIn: "id") }
}

extension MessageWording {
    /// The Indonesian wording, which is sent in the SMS encoding GSM-7, with 160 characters per segment.
    static let indonesian = MessageWording(
        builtIn: .indonesian,
        [
            "{code} adalah kode verifikasi {brand} untuk {action}. Berlaku {validity}. Jangan berikan kepada siapa pun. Staf kami tidak pernah memintanya.",
            "Kode verifikasi {brand}: {code}. Berlaku {validity}. Jangan berikan kepada siapa pun.",
        ],
        actions: [
            .registration: "membuat akun",
            .signIn: "masuk ke akun",
            .passwordReset: "mengatur ulang kata sandi",
            .phoneNumberChange: "mengganti nomor telepon",
        ],
        otherAction: "mengonfirmasi permintaan",
        minutes: [.other: "{minutes} menit"],
        regions: "ID"
    )
}
