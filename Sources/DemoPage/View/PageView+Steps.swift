// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTMLPages
import SMSKit

extension PageView {
    /// Returns the form for a phone number.
    func numberStep(_ screen: NumberScreen) -> HTML {
        let texts = self.texts.number
        let lead: HTML =
            screen.present.map { HTML(texts.changeLead, ["number": Self.number($0)]) } ?? "\(texts.lead)"
        let keep = screen.present.map { _ in
            self.form("back", named: "plain", #"<button class="link">\#(texts.keep)</button>"#)
        }
        let form = self.form(
            "number",
            "\(self.numberInputs(screen))\n<button class=\"primary\">\(texts.send)</button>"
        )
        let recovery = self.form(
            "recovery",
            named: "plain",
            #"<button class="link">\#(self.texts.recovery.open)</button>"#
        )
        return """
            \(self.head(lead))
            \(form)
            \(keep ?? recovery)
            <p class="small">\(texts.risk)</p>
            """
    }

    /// Returns the inputs for a region and a phone number.
    func numberInputs(_ screen: NumberScreen) -> HTML {
        let texts = self.texts.number
        return """
            <label for="region">\(texts.region)</label>
            <select id="region" name="region" autocomplete="country">
            \(self.options(selecting: screen.region))
            </select>
            <label for="number">\(texts.number)</label>
            <input id="number" name="number" type="tel" inputmode="tel" autocomplete="tel" required maxlength="40" \
            value="\(screen.typed)"\(self.autofocus(.number))\(self.description(of: .number))>
            \(self.noticeHTML(for: .number))
            """
    }

    private func options(selecting region: Region) -> HTML {
        let list = RegionList.named(in: self.language)
        let isCommon = list.common.contains { $0.region == region }
        func option(_ entry: RegionList.Entry, _ canBeSelected: Bool) -> HTML {
            let selected: HTML = canBeSelected && entry.region == region ? " selected" : ""
            return
                #"<option value="\#(entry.region.code)"\#(selected)>\#(entry.name) (+\#(entry.region.callingCode))</option>"#
        }
        return """
            <optgroup label="\(self.texts.number.common)">\(.joined(list.common.map { option($0, true) }))</optgroup>
            <optgroup label="\(self.texts.number.all)">\(.joined(list.all.map { option($0, !isCommon) }))</optgroup>
            """
    }

    /// Returns the form of the human check.
    func checkStep(_ number: PhoneNumber) -> HTML {
        let texts = self.texts.check
        let form = self.form(
            "check",
            """
            <label class="box"><input type="checkbox" name="person" value="yes" autofocus\
            \(self.description(of: .check))><span>\(texts.box)</span></label>
            \(self.noticeHTML(for: .check))
            <button class="primary">\(texts.proceed)</button>
            """
        )
        return """
            \(self.head(HTML(texts.lead, ["number": Self.number(number)])))
            \(form)
            \(self.backForm)
            <p class="small">\(texts.note)</p>
            """
    }

    /// Returns the form for a code, or a button for a new code if the code can no longer be verified.
    func codeStep(_ screen: CodeScreen) -> HTML {
        let texts = self.texts.code
        let values: [String: HTML] = ["length": "\(screen.length)", "number": Self.number(screen.number)]
        let lead = HTML(screen.isOver ? texts.overLead : texts.lead, values)
        guard !screen.isOver else {
            let renew = self.form("resend", #"<button class="primary" autofocus>\#(texts.renew)</button>"#)
            return "\(self.head(lead))\n\(renew)\n\(self.backForm)"
        }
        let attempts =
            screen.attemptsRemaining == 1
            ? texts.attempt : texts.attempts.replacing("{count}", with: "\(screen.attemptsRemaining)")
        let form = self.form(
            "code",
            """
            <label for="code">\(texts.code)</label>
            <input id="code" name="code" class="digits" type="text" inputmode="numeric" autocomplete="one-time-code" \
            spellcheck="false" required maxlength="20" data-number="\(screen.number.e164)" autofocus\(self.description(of: .code, "state"))>
            \(self.noticeHTML(for: .code))
            <p class="state" id="state"><span>\(attempts)</span>\
            <span>\(HTML(texts.expires, ["wait": self.countdown(to: screen.expiresAt)]))</span></p>
            <button class="primary">\(texts.verify)</button>
            """
        )
        return """
            \(self.head(lead))
            \(form)
            <div class="ways">
            \(self.resendForm(screen))
            \(self.backForm)
            </div>
            """
    }

    /// Returns the button for a resend.
    ///
    /// The script of the page disables the button until the countdown ends. Without scripts, an early click shows the remaining
    /// wait.
    private func resendForm(_ screen: CodeScreen) -> HTML {
        let texts = self.texts.code
        let wait = screen.resendAt.flatMap { $0 > self.now ? self.countdown(to: $0) : nil }
        let label: HTML? = wait.map { #"<span class="later">\#(HTML(texts.resendIn, ["wait": $0]))</span>"# }
        return self.form(
            "resend",
            named: "plain",
            #"<button class="link" data-resend><span class="now">\#(texts.resend)</span>\#(label)</button>"#
        )
    }

    private var backForm: HTML {
        self.form("back", named: "plain", #"<button class="link">\#(self.texts.code.otherNumber)</button>"#)
    }

    /// Returns the account page after the verification.
    func registeredStep(_ screen: RegisteredScreen) -> HTML {
        let (texts, recovery) = (self.texts.registered, self.texts.recovery)
        let create = screen.codesRemaining == nil ? recovery.create : recovery.replace
        let note: HTML = screen.codesRemaining == nil ? "" : #"<p class="small">\#(recovery.replaceNote)</p>"#
        let remaining: HTML =
            screen.codesRemaining
            .map { HTML(recovery.remaining, ["count": "\($0)", "total": "\(DemoRecovery.count)"]) }
            ?? "\(recovery.missing)"
        return """
            <svg class="done" viewBox="0 0 48 48" aria-hidden="true"><circle cx="24" cy="24" r="24"/>\
            <path d="M14.5 24.5l6.5 6.5 13-14"/></svg>
            \(self.head(screen.arrival == .recovered ? "\(recovery.recovered)" : "\(texts.lead)"))
            <dl class="account">
            <div><dt>\(texts.number)</dt><dd>\(Self.number(screen.number)) \
            <span class="tag">\(texts.verified)</span></dd></div>
            <div><dt>\(recovery.codes)</dt><dd>\(remaining)</dd></div>
            </dl>
            \(self.form("recovery-codes", #"<button class="secondary">\#(create)</button>"#))
            \(note)
            \(self.form("change", #"<button class="secondary">\#(texts.change)</button>"#))
            \(self.form("sign-out", named: "plain", #"<button class="link">\#(texts.signOut)</button>"#))
            """
    }

    /// Returns a phone number in groups of digits.
    ///
    /// The element `bdi` isolates the number from the direction of the text around it.
    static func number(_ number: PhoneNumber) -> HTML { #"<bdi class="number">\#(number.grouped)</bdi>"# }
}
