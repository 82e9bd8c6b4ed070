# SPDX-License-Identifier: Apache-2.0
"""The problems that an OpenAPI document allows."""

# The problems for paths and methods that the document does not contain. The description of the document names these problems.
ELSEWHERE = {(404, "urn:swift-otp:problem:not-found"), (405, "urn:swift-otp:problem:method-not-allowed")}


class Document:
    """The table of problems for each operation of a document."""

    def __init__(self, document):
        self.problems = {}
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                self.problems[method.upper().encode(), path.encode()] = set(self.entries(operation))
        self.all = set.union(*self.problems.values()) | ELSEWHERE

    @staticmethod
    def entries(operation):
        """Yields the status and the type of each problem of an operation."""
        for status, response in operation["responses"].items():
            schema = response.get("content", {}).get("application/problem+json", {}).get("schema")
            if schema is not None:
                for name in schema["allOf"][1]["properties"]["type"]["enum"]:
                    yield int(status), name

    def fault(self, response, method, path):
        """Returns the reason why a response is not documented, or `None`."""
        if response.status < 400:
            return None
        if not response.has_body:
            return None if response.status in {status for status, _ in self.all} else f"{response.status} is not documented"
        problem = response.problem
        if problem is None:
            return f"the response {response.status} is no problem document"
        if problem.get("status") != response.status:
            return f"the response {response.status} has a document with the status {problem.get('status')}"
        pair = (response.status, problem.get("type"))
        # Another path can be another form of a documented one, such as a path with a second slash.
        allowed = self.problems.get((method, path), self.all)
        if pair not in allowed:
            return f"the response {pair} to {method} {path} is not documented"
        if response.status >= 500:
            return f"the response {pair} to {method} {path} reports a fault of the server"
        if response.status in (429, 503) and "retry-after" not in response.headers:
            return f"the response {pair} has no Retry-After"
        if response.headers.get("cache-control") != "no-store":
            return f"the response {pair} can be cached"
        return None
