import CCurl
import Foundation

/// Collects what libcurl receives. Used by one thread from beginning to end.
final class HTTPCallAnswer {
    private(set) var body = Data()
    private(set) var headers: [String: String] = [:]
    private(set) var isTooLong = false
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// The handle must not be used any more once this object is gone.
    func receive(from handle: CurlHandle) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        sysndd_curl_set_write(handle.easy, takeBody, context)
        sysndd_curl_set_header(handle.easy, takeHeader, context)
    }

    /// - Returns: false to give the transfer up.
    fileprivate func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard body.count + bytes.count <= limit else {
            isTooLong = true
            return false
        }
        body.append(contentsOf: bytes)
        return true
    }

    fileprivate func take(header line: String) {
        // The headers of an interim answer, such as 100, are not those of the final one.
        guard !line.hasPrefix("HTTP/") else { return headers.removeAll() }
        let parts = line.split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else { return }
        headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

private func answer(_ context: UnsafeMutableRawPointer?) -> HTTPCallAnswer {
    Unmanaged<HTTPCallAnswer>.fromOpaque(context!).takeUnretainedValue()
}

private func takeBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    answer(context).take(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
}

private func takeHeader(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
    answer(context).take(header: String(decoding: line, as: UTF8.self))
    return size * count
}
