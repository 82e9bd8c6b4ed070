// SPDX-License-Identifier: Apache-2.0

/// The texts of the page in one language.
///
/// Texts contain placeholders such as `{wait}`, which are replaced when the page is rendered.
struct PageTexts: Sendable {
    /// The common texts of all steps.
    struct Frame: Sendable {
        var language: String
        var demo: String
        var error: String
        var offline: String
        var cookies: String
    }

    /// The texts of the form for a phone number.
    struct Number: Sendable {
        var title: String
        var lead: String
        var changeTitle: String
        var changeLead: String
        var region: String
        var common: String
        var all: String
        var number: String
        var send: String
        var risk: String
        var keep: String
    }

    /// The texts of the human check.
    struct Check: Sendable {
        var title: String
        var lead: String
        var box: String
        var proceed: String
        var note: String
    }

    /// The texts of the form for a code.
    struct Code: Sendable {
        var title: String
        var lead: String
        var overTitle: String
        var overLead: String
        var code: String
        var verify: String
        var attempt: String
        var attempts: String
        var expires: String
        var resend: String
        var resendIn: String
        var renew: String
        var otherNumber: String
    }

    /// The texts of the account page after the verification.
    struct Registered: Sendable {
        var created: String
        var returned: String
        var stayed: String
        var lead: String
        var number: String
        var verified: String
        var change: String
        var signOut: String
    }

    /// The texts about recovery codes.
    struct Recovery: Sendable {
        var open: String
        var title: String
        var lead: String
        var code: String
        var signIn: String
        var back: String
        var recovered: String
        var codes: String
        var missing: String
        var remaining: String
        var create: String
        var replace: String
        var replaceNote: String
        var codesTitle: String
        var codesLead: String
        var codesNote: String
        var done: String
    }

    /// The texts of the inbox.
    struct Inbox: Sendable {
        var title: String
        var lead: String
        var empty: String
        var recipient: String
        var use: String
        var refresh: String
        var open: String
    }

    /// The texts of notices, which are errors and confirmations.
    struct Notices: Sendable {
        var emptyNumber: String
        var invalidNumber: String
        var shortNumber: String
        var longNumber: String
        var severalNumbers: String
        var numberExtension: String
        var destination: String
        var ownNumber: String
        var incorrectCode: String
        var malformedCode: String
        var expired: String
        var attemptsExhausted: String
        var resendsExhausted: String
        var cooldown: String
        var sendLimit: String
        var locked: String
        var disabled: String
        var blocked: String
        var blockedFor: String
        var delivery: String
        var deliveryFor: String
        var unavailable: String
        var checkFailed: String
        var outdated: String
        var sent: String
        var delayed: String
        var changed: String
        var changedSilently: String
        var taken: String
        var recoveryRefused: String
        var malformedRecovery: String
        var recoveryLocked: String
    }

    var frame: Frame
    var number: Number
    var check: Check
    var code: Code
    var registered: Registered
    var recovery: Recovery
    var inbox: Inbox
    var notices: Notices

    /// The text of the message to the old phone number after a change of an account's phone number.
    var changeMessage: String
}
