import Foundation

/// The header fields of a message or of one of its parts, unfolded.
struct MIMEHeader: Sendable {
    /// In the order in which they stand there.
    let fields: [(name: String, value: String)]

    init(_ bytes: ArraySlice<UInt8>) {
        var fields: [(name: String, value: String)] = []
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            if line.first == " " || line.first == "\t" {
                guard !fields.isEmpty else { continue }
                fields[fields.count - 1].value += " " + line.trimmingCharacters(in: .whitespaces)
            } else if let colon = line.firstIndex(of: ":") {
                let value = line[colon...].dropFirst().trimmingCharacters(in: .whitespaces)
                fields.append((String(line[..<colon]), value))
            }
        }
        self.fields = fields
    }

    /// The first field of that name, as it stands there.
    subscript(_ name: String) -> String? {
        fields.first { $0.name.caseInsensitiveCompare(name) == .orderedSame }?.value
    }

    /// The field for people: encoded words decoded.
    func text(_ name: String) -> String { self[name].map(EncodedWords.decode) ?? "" }

    /// `value; name="x"` split up; names and the value in lower case.
    func parameters(_ name: String) -> (value: String, parameters: [String: String]) {
        let pieces = Self.split(self[name] ?? "", at: ";")
        var parameters: [String: String] = [:]
        for piece in pieces.dropFirst() {
            let parts = piece.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let value = parts[1].trimmingCharacters(in: .whitespaces)
                .trimmingCharacters(in: CharacterSet(charactersIn: "\""))
            parameters[parts[0].trimmingCharacters(in: .whitespaces).lowercased()] = value
        }
        return ((pieces.first ?? "").trimmingCharacters(in: .whitespaces).lowercased(), parameters)
    }

    /// Pieces between separators that stand outside of quotes.
    static func split(_ text: String, at separator: Character) -> [String] {
        var pieces = [""]
        var isQuoted = false
        var isEscaped = false
        for character in text {
            if character == "\"", !isEscaped { isQuoted.toggle() }
            isEscaped = character == "\\" && isQuoted && !isEscaped
            if character == separator, !isQuoted {
                pieces.append("")
            } else {
                pieces[pieces.count - 1].append(character)
            }
        }
        return pieces
    }
}
