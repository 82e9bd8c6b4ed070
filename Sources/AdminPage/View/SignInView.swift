// SPDX-License-Identifier: Apache-2.0

import HTMLPages

/// The page with the sign-in form.
struct SignInView {
    var notice: Notice?

    var html: HTML {
        AdminFrame(title: "Sign in", notices: self.notice.map { [$0] } ?? [])
            .html(
                """
                <section class="card">
                <h1>Sign in</h1>
                <p class="lead">Use an API key with the scope <code>admin</code>.</p>
                <form method="post" action="/admin/sign-in">
                <label for="key">API key</label>
                <input type="password" id="key" name="key" required autocomplete="off" autocapitalize="off" \
                spellcheck="false" maxlength="128" autofocus>
                <button class="primary">Sign in</button>
                </form>
                <p class="small">Neither the server nor the browser stores the key. The session ends after 30 minutes \
                without use, and after 8 hours.</p>
                </section>
                """
            )
    }
}
