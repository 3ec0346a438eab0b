/// MySQL's collations `utf8mb4_0900_…`, which MariaDB knows from a later version on, and the nearest that it has.
struct ForeignCollations: Sendable {
    /// Whether the operator allowed it.
    let isMapping: Bool
    /// Those that were met: with what stands for them, or nil where the server knows them.
    private(set) var seen: [String: String?] = [:]

    init(isMapping: Bool) { self.isMapping = isMapping }

    /// What was put in the place of which, for people.
    var mapped: [String] {
        seen.compactMap { name, other in other.map { "\(name) as \($0)" } }.sorted()
    }

    static func isCandidate(_ name: String) -> Bool { name.hasPrefix("utf8mb4_") && name.contains("0900_") }

    /// - Parameter isKnown: asks the server.
    /// - Returns: nil where the name can stay.
    /// - Throws: ``ForeignRefusal`` where the server does not know it, and the operator did not allow another.
    mutating func replacement(for name: String, isKnown: (String) throws -> Bool) throws -> String? {
        let name = name.lowercased()
        if let known = seen[name] { return known }
        if try isKnown(name) {
            seen[name] = .some(nil)
            return nil
        }
        guard isMapping else {
            throw ForeignRefusal(
                "the collation \(name), which this server does not know,",
                hint: "put the nearest one of the server in its place with --map-collations")
        }
        let other = try Self.candidates(for: name).first(where: isKnown) ?? "utf8mb4_unicode_ci"
        seen[name] = other
        return other
    }

    /// The nearest first. Where accents or case tell values apart, a collation that tells less of them apart could make
    /// two keys one, so the last resort is the order of the bytes.
    static func candidates(for name: String) -> [String] {
        guard let marks = name.range(of: "0900_") else { return [] }
        let suffix = String(name[marks.upperBound...])
        let language = name.dropFirst("utf8mb4_".count)[..<marks.lowerBound].split(separator: "_")
            .joined(separator: "_")
        guard suffix != "bin" else { return ["utf8mb4_nopad_bin", "utf8mb4_bin"] }
        let tailored = languages[language].map { "\($0)_" } ?? ""
        let recent = ["utf8mb4_uca1400_\(tailored)nopad_\(suffix)", "utf8mb4_uca1400_nopad_\(suffix)"]
        guard suffix == "ai_ci" else { return recent + ["utf8mb4_nopad_bin", "utf8mb4_bin"] }
        let older = languages[language].map { ["utf8mb4_\($0)_nopad_ci", "utf8mb4_\($0)_ci"] } ?? []
        return recent + older + ["utf8mb4_unicode_520_nopad_ci", "utf8mb4_unicode_520_ci"]
    }

    /// MySQL's codes and MariaDB's names.
    private static let languages = [
        "cs": "czech", "da": "danish", "de_pb": "german2", "eo": "esperanto", "es": "spanish", "es_trad": "spanish2",
        "et": "estonian", "hr": "croatian", "hu": "hungarian", "is": "icelandic", "la": "roman", "lt": "lithuanian",
        "lv": "latvian", "nb": "danish", "nn": "danish", "pl": "polish", "ro": "romanian", "sk": "slovak",
        "sl": "slovenian", "sv": "swedish", "tr": "turkish", "vi": "vietnamese",
    ]
}
