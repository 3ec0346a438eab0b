/// `${NAME}`, `${NAME:-default}`, `${NAME-default}`, `$NAME` and `$$` in a compose file.
struct ComposeInterpolation: Sendable {
    private let variables: [String: String]

    init(_ variables: [String: String]) { self.variables = variables }

    func text(_ text: String) -> String {
        var result = ""
        var rest = Substring(text)
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[rest.index(after: dollar)...]
            if rest.first == "$" {
                result += "$"
                rest = rest.dropFirst()
            } else if rest.first == "{", let end = rest.firstIndex(of: "}") {
                result += value(rest[rest.index(after: rest.startIndex)..<end])
                rest = rest[rest.index(after: end)...]
            } else {
                let name = rest.prefix { $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) }
                result += name.isEmpty ? "$" : variables[String(name)] ?? ""
                rest = rest.dropFirst(name.count)
            }
        }
        return result + rest
    }

    private func value(_ expression: Substring) -> String {
        let name = expression.prefix { $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) }
        let rest = expression.dropFirst(name.count)
        let value = variables[String(name)]
        if rest.hasPrefix(":-") { return value.flatMap { $0.isEmpty ? nil : $0 } ?? String(rest.dropFirst(2)) }
        if rest.hasPrefix("-") { return value ?? String(rest.dropFirst()) }
        return value ?? ""
    }
}

/// A value of a compose file, with its variables put in.
struct ComposeNode {
    private let value: Any?
    private let interpolation: ComposeInterpolation

    init(_ value: Any?, _ interpolation: ComposeInterpolation) {
        self.value = value
        self.interpolation = interpolation
    }

    subscript(key: String) -> ComposeNode { ComposeNode((value as? [String: Any])?[key], interpolation) }

    /// A scalar as text; nil for anything else.
    var text: String? {
        switch value {
        case let text as String: interpolation.text(text)
        case let number as Int: String(number)
        case let flag as Bool: String(flag)
        case let number as Double: String(number)
        default: nil
        }
    }

    var int: Int? { text.flatMap { Int($0) } }

    /// A list of texts; one text is a list of one.
    var list: [String] {
        (value as? [Any])?.compactMap { ComposeNode($0, interpolation).text } ?? text.map { [$0] } ?? []
    }

    /// A mapping of texts, also where it is written as a list of `NAME=value`.
    var mapping: [String: String] {
        if let mapping = value as? [String: Any] {
            return mapping.compactMapValues { ComposeNode($0, interpolation).text }
        }
        return list.reduce(into: [:]) { result, line in
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            if parts.count == 2 { result[parts[0]] = parts[1] }
        }
    }
}
