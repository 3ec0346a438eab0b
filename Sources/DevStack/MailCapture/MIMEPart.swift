/// A message, or a part of one, taken apart.
struct MIMEPart: Sendable {
    /// More is not looked into: a message of nothing but nested parts would take ever longer.
    private static let deepest = 20

    let header: MIMEHeader
    /// Lower case, `text/plain` unless it says otherwise.
    let type: String
    /// Decoded; empty for a part that has parts.
    let content: [UInt8]
    let parts: [MIMEPart]

    init(_ bytes: ArraySlice<UInt8>, depth: Int = 0) {
        let (head, body) = Self.split(bytes)
        header = MIMEHeader(head)
        let (type, parameters) = header.parameters("Content-Type")
        self.type = type.isEmpty ? "text/plain" : type
        if type.hasPrefix("multipart/"), let boundary = parameters["boundary"], depth < Self.deepest {
            content = []
            parts = Self.pieces(of: body, boundary).map { MIMEPart($0, depth: depth + 1) }
        } else {
            content = TransferEncoding.decode(body, header["Content-Transfer-Encoding"] ?? "")
            parts = []
        }
    }

    /// All parts that have no parts, in order.
    var leaves: [MIMEPart] { parts.isEmpty ? [self] : parts.flatMap(\.leaves) }

    var text: String {
        let charset = header.parameters("Content-Type").parameters["charset"] ?? "utf-8"
        return TransferEncoding.text(content, charset: charset.lowercased())
    }

    var fileName: String {
        let names = [
            header.parameters("Content-Disposition").parameters["filename"],
            header.parameters("Content-Type").parameters["name"],
        ]
        return names.compactMap { $0 }.first.map(EncodedWords.decode) ?? ""
    }

    /// Not shown as the message's text.
    var isAttachment: Bool {
        header.parameters("Content-Disposition").value == "attachment" || !fileName.isEmpty || !type.hasPrefix("text/")
    }

    private static func split(_ bytes: ArraySlice<UInt8>) -> (ArraySlice<UInt8>, ArraySlice<UInt8>) {
        if bytes.starts(with: [13, 10]) { return ([], bytes.dropFirst(2)) }
        var index = bytes.startIndex
        while let end = bytes[index...].firstIndex(of: 10) {
            let next = bytes[(end + 1)...]
            if next.first == 10 { return (bytes[...end], next.dropFirst()) }
            if next.starts(with: [13, 10]) { return (bytes[...end], next.dropFirst(2)) }
            index = end + 1
        }
        return (bytes, [])
    }

    /// What stands between the lines with the boundary (RFC 2046, 5.1.1).
    private static func pieces(of body: ArraySlice<UInt8>, _ boundary: String) -> [ArraySlice<UInt8>] {
        let mark = Array("--\(boundary)".utf8)
        var pieces: [ArraySlice<UInt8>] = []
        var start: Int?
        for line in body.split(separator: 10, omittingEmptySubsequences: false) where line.starts(with: mark) {
            if let start { pieces.append(withoutLineEnd(body[min(start, line.startIndex)..<line.startIndex])) }
            start = min(line.endIndex + 1, body.endIndex)
            if line.dropFirst(mark.count).starts(with: [45, 45]) { return pieces }
        }
        if let start { pieces.append(body[start...]) }
        return pieces
    }

    private static func withoutLineEnd(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes
        if bytes.last == 10 { bytes.removeLast() }
        if bytes.last == 13 { bytes.removeLast() }
        return bytes
    }
}
