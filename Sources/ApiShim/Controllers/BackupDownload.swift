import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import OpsCore
import ServiceLifecycle

/// Sends one backup, or a part of it, in pieces: its size costs no memory.
struct BackupDownload: Sendable {
    private static let piece = 256 * 1024
    /// A download goes on for so long after the shim was told to stop; a client can resume it.
    private static let grace = Duration.seconds(2)

    private let file: BackupFolder.File
    private var name: BackupName { file.entry.name }
    private var size: Int { file.entry.size }
    private var tag: String { "\"\(file.tag)\"" }

    init(_ file: BackupFolder.File) { self.file = file }

    func response(to request: Request) -> Response {
        if let known = request.headers[.ifNoneMatch], known == "*" || known.contains(tag) {
            var response = Response(status: .notModified, headers: [.eTag: tag, .cacheControl: "private, no-cache"])
            response.headers[.contentLength] = nil
            return response
        }
        // A part of another file than the one that the client has begun with would be worthless.
        let isSame = request.headers[.ifRange].map { $0 == tag } ?? true
        switch ByteRange(isSame ? request.headers[.range] : nil, size: size) {
        case .whole: return response(.ok, 0..<size)
        case .part(let range):
            var response = response(.partialContent, range.lowerBound..<range.upperBound + 1)
            response.headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound)/\(size)"
            return response
        case .unsatisfiable:
            return Response(
                status: .rangeNotSatisfiable, headers: [.contentRange: "bytes */\(size)", .acceptRanges: "bytes"])
        }
    }

    private func response(_ status: HTTPResponse.Status, _ range: Range<Int>) -> Response {
        Response(
            status: status,
            headers: [
                .contentType: name.isCompressed ? "application/gzip" : "application/sql",
                .contentDisposition: Self.disposition(name.text), .acceptRanges: "bytes", .eTag: tag,
                .cacheControl: "private, no-cache",
            ],
            body: ResponseBody(contentLength: range.count) { writer in
                try await send(range, to: &writer)
                try await writer.finish(nil)
            })
    }

    private func send(_ range: Range<Int>, to writer: inout any ResponseBodyWriter) async throws {
        var offset = range.lowerBound
        var end: ContinuousClock.Instant?
        while offset < range.upperBound {
            if Task.isShuttingDownGracefully { end = end ?? .now + Self.grace }
            if let end, .now >= end { throw CancellationError() }
            let bytes = try await file.bytes(at: offset, count: min(Self.piece, range.upperBound - offset))
            // A file that became shorter: the connection ends before the promised length, so the client sees it.
            guard !bytes.isEmpty else { throw HTTPError(.internalServerError) }
            try await writer.write(ByteBuffer(bytes: bytes))
            offset += bytes.count
        }
    }

    /// The name for old clients, and as it is for all others (RFC 6266).
    private static func disposition(_ name: String) -> String {
        let isPlain = { (scalar: Unicode.Scalar) in scalar.isASCII && scalar.value >= 32 && scalar != "\"" }
        let plain = String(String.UnicodeScalarView(name.unicodeScalars.map { isPlain($0) ? $0 : "_" }))
        let unreserved = CharacterSet(
            charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
        let encoded = name.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
        return "attachment; filename=\"\(plain)\"; filename*=UTF-8''\(encoded)"
    }
}
