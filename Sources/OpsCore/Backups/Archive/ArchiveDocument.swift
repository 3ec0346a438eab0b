import FoundationEssentials

/// JSON documents in lines of SQL comments, as the index and the summary hold them.
///
/// Every line begins with `-- `; without that, the lines together are one document. The summary is one line, the index
/// has one line for each member, so that no line is ever long for a client and a reader can take one after the other.
enum ArchiveDocument {
    private static let mark = Array("-- ".utf8)
    private static let lineFeed = UInt8(ascii: "\n")
    private static let opening = Array("{\"members\":[".utf8)
    private static let closing = Array("]}".utf8)
    /// Entries that are encoded or decoded by one call of the JSON library, which takes a while to begin.
    private static let batch = 64
    /// The longest line that is read; the longest that is written is far below.
    private static let longestLine = 64 * 1024

    static func encode(_ summary: ArchiveSummary) throws -> [UInt8] {
        mark + (try encoder().encode(summary)) + [lineFeed]
    }

    static func decodeSummary(_ text: [UInt8]) throws -> ArchiveSummary {
        guard text.starts(with: mark) else { throw BadLine() }
        return try decoder().decode(ArchiveSummary.self, from: Data(text.dropFirst(mark.count)))
    }

    static func encode(_ members: [ArchiveEntry]) throws -> [UInt8] {
        let encoder = encoder()
        var text = mark + opening + [lineFeed]
        for (number, member) in members.enumerated() {
            text += mark
            text += try encoder.encode(member)
            text += number + 1 < members.count ? [UInt8(ascii: ","), lineFeed] : [lineFeed]
        }
        return text + mark + closing + [lineFeed]
    }

    /// Hands over the members in order; `body` may stop the reading by throwing.
    static func decodeMembers(_ text: [UInt8], _ body: (ArchiveEntry) throws -> Void) throws {
        let decoder = decoder()
        var lines = text.split(separator: lineFeed, omittingEmptySubsequences: false)[...]
        guard lines.popFirst()?.elementsEqual(mark + opening) == true, lines.popLast()?.isEmpty == true,
            lines.popLast()?.elementsEqual(mark + closing) == true
        else { throw BadLine() }
        while !lines.isEmpty {
            try decoder.decode([ArchiveEntry].self, from: array(of: lines.prefix(batch), isLast: lines.count <= batch))
                .forEach(body)
            lines = lines.dropFirst(batch)
        }
    }

    /// The lines as one JSON array. All but the last line of the document end with a comma.
    private static func array(of lines: ArraySlice<ArraySlice<UInt8>>, isLast: Bool) throws -> Data {
        var json: [UInt8] = [UInt8(ascii: "[")]
        for line in lines {
            guard line.starts(with: mark), line.count <= longestLine else { throw BadLine() }
            json += line.dropFirst(mark.count)
        }
        if !isLast { json.removeLast() }
        return Data(json + [UInt8(ascii: "]")])
    }

    private static func encoder() -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return encoder
    }

    private static func decoder() -> JSONDecoder {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        return decoder
    }

    /// The lines are not those of such a document.
    struct BadLine: Error {}
}
