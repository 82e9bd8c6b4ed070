// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTMLPages

extension PageView {
    /// Returns the text of a notice, with a countdown if the visitor must wait.
    func text(of notice: Notice) -> HTML {
        let texts = self.texts.notices
        return switch notice {
        case .emptyNumber: "\(texts.emptyNumber)"
        case .invalidNumber: "\(texts.invalidNumber)"
        case .shortNumber: "\(texts.shortNumber)"
        case .longNumber: "\(texts.longNumber)"
        case .severalNumbers: "\(texts.severalNumbers)"
        case .numberExtension: "\(texts.numberExtension)"
        case .destination: "\(texts.destination)"
        case .ownNumber: "\(texts.ownNumber)"
        case .incorrectCode: "\(texts.incorrectCode)"
        case .malformedCode(let length): HTML(texts.malformedCode, ["length": "\(length)"])
        case .expired: "\(texts.expired)"
        case .attemptsExhausted: "\(texts.attemptsExhausted)"
        case .resendsExhausted: "\(texts.resendsExhausted)"
        case .disabled: "\(texts.disabled)"
        case .unavailable: "\(texts.unavailable)"
        case .checkFailed: "\(texts.checkFailed)"
        case .outdated: "\(texts.outdated)"
        case .cookies: "\(self.texts.frame.cookies)"
        case .sent: "\(texts.sent)"
        case .delayed: "\(texts.delayed)"
        case .taken: "\(texts.taken)"
        case .changed(let number, let isNotified):
            HTML(isNotified ? texts.changed : texts.changedSilently, ["number": Self.number(number)])
        case .recoveryRefused: "\(texts.recoveryRefused)"
        case .malformedRecovery: HTML(texts.malformedRecovery, ["length": "\(RecoveryCode.length)"])
        case .recoveryLocked(let end): self.text(texts.recoveryLocked, until: end)
        case .cooldown(let end): self.text(texts.cooldown, until: end)
        case .sendLimit(let end): self.text(texts.sendLimit, until: end)
        case .locked(let end): self.text(texts.locked, until: end)
        case .blocked(let end): end.map { self.text(texts.blockedFor, until: $0) } ?? "\(texts.blocked)"
        case .delivery(let end): end.map { self.text(texts.deliveryFor, until: $0) } ?? "\(texts.delivery)"
        }
    }

    private func text(_ template: String, until end: Date) -> HTML {
        HTML(template, ["wait": self.countdown(to: end)])
    }
}
