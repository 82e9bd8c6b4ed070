// SPDX-License-Identifier: Apache-2.0

extension MessageLocale {
    /// The Spanish language.
    public static var spanish: Self { Self(builtIn: "es") }
}

extension MessageWording {
    /// The Spanish wording.
    ///
    /// The texts avoid words with á, í, ó and ú, because the SMS encoding GSM-7 does not contain these letters.
    static let spanish = MessageWording(
        builtIn: .spanish,
        [
            "{code} es tu clave temporal de {brand} para {action}. Expira en {validity}. No la compartas con nadie. Nuestro equipo nunca te la pide.",
            "{brand}: tu clave temporal es {code}. Expira en {validity}. No la compartas.",
        ],
        actions: [
            .registration: "crear tu cuenta",
            .signIn: "acceder a tu cuenta",
            .passwordReset: "restablecer tu contraseña",
            .phoneNumberChange: "cambiar tu teléfono",
        ],
        otherAction: "confirmar tu solicitud",
        minutes: [.one: "1 minuto", .other: "{minutes} minutos"],
        regions: "AR BO CL CO CR CU DO EC ES GQ GT HN MX NI PA PE PR PY SV UY VE"
    )
}
