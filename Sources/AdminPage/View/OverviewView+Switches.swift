// SPDX-License-Identifier: Apache-2.0

import HTMLPages
import OperatorReports

extension OverviewView {
    /// The texts of the lockdown durations that the page offers, keyed by the duration in seconds.
    static let durations = [3_600: "1 hour", 21_600: "6 hours", 86_400: "1 day", 604_800: "7 days"]

    /// The form that starts and ends lockdowns.
    var lockdownCard: HTML {
        let home = self.homeRegions.map { Self.option($0, "\(Texts.region($0)) (\($0))") }
        let others = Texts.regions.filter { !self.homeRegions.contains($0.code) }
            .map { Self.option($0.code, "\($0.name) (\($0.code))") }
        let durations = Self.durations.sorted { $0.key < $1.key }
            .map { Self.option("\($0.key)", $0.value, isSelected: $0.key == 21_600) }
        return """
            <section class="card" aria-labelledby="lockdown-title"><h2 id="lockdown-title">Lockdown</h2>
            <p class="lead">During a lockdown, only known devices and known numbers get messages. It applies to all processes at once.</p>
            <form method="post" action="/admin/lockdown">
            <div class="fields">
            <div><label for="region">Where</label><select id="region" name="region">\(Self.option("", "Whole service"))\
            <optgroup label="Home regions">\(.joined(home))</optgroup><optgroup label="Other regions">\(.joined(others))</optgroup>\
            </select></div>
            <div><label for="seconds">Duration</label><select id="seconds" name="seconds">\(.joined(durations))</select></div>
            </div>
            <div class="buttons"><button class="primary danger" name="state" value="on">Start lockdown</button>\
            <button class="secondary" name="state" value="off">End lockdown</button></div>
            </form></section>
            """
    }

    /// The list of rules whose modes differ from the policy, and the form that changes the mode of a rule.
    var modeCard: HTML {
        let rules = self.status.rules.map { Self.option($0.rule, "\($0.rule): \($0.mode)") }
        let modes = ModeChange.modeNames.map { name in
            Self.option(name, name == ModeChange.policyMode ? "as in the policy" : name)
        }
        let changed = self.status.rules.filter { $0.policyMode != nil }
            .map { rule -> HTML in
                "<li><code>\(rule.rule)</code> is <strong>\(rule.mode)</strong>, the policy has \(rule.policyMode ?? "")</li>"
            }
        let changes: HTML =
            changed.isEmpty
            ? #"<p class="lead">All rules have the mode of the policy.</p>"#
            : #"<ul class="changes">\#(.joined(changed))</ul>"#
        return """
            <section class="card" aria-labelledby="mode-title"><h2 id="mode-title">Modes of rules</h2>
            \(changes)
            <form method="post" action="/admin/mode">
            <div class="fields">
            <div><label for="rule">Rule</label><select id="rule" name="rule">\(.joined(rules))</select></div>
            <div><label for="mode">Mode</label><select id="mode" name="mode">\(.joined(modes))</select></div>
            </div>
            <div class="buttons"><button class="primary">Set mode</button></div>
            </form></section>
            """
    }

    private static func option(_ value: String, _ name: String, isSelected: Bool = false) -> HTML {
        let selected: HTML? = isSelected ? " selected" : nil
        return #"<option value="\#(value)"\#(selected)>\#(name)</option>"#
    }
}
