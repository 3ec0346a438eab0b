import CCurl
import Glibc

/// Bytes through the session that libcurl opened, encrypted where it is. Waits in short pieces, so that its caller can
/// give up in between.
struct SMTPChannel {
    private let handle: CurlHandle

    init(_ handle: CurlHandle) { self.handle = handle }

    /// Writes everything.
    func write(_ bytes: [UInt8], _ proceed: () throws -> Void) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            var count = 0
            let code = rest.withUnsafeBytes { curl_easy_send(handle.easy, $0.baseAddress, $0.count, &count) }
            rest = rest.dropFirst(count)
            guard code == CURLE_OK || code == CURLE_AGAIN else { throw Lost() }
            if code == CURLE_AGAIN { try wait(Int16(POLLOUT), proceed) }
        }
    }

    /// Reads what is there, at least one byte.
    func read(_ proceed: () throws -> Void) throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            var count = 0
            switch curl_easy_recv(handle.easy, &buffer, buffer.count, &count) {
            case CURLE_OK where count > 0: return Array(buffer[..<count])
            case CURLE_AGAIN: try wait(Int16(POLLIN), proceed)
            default: throw Lost()
            }
        }
    }

    /// The server closed the connection.
    struct Lost: Error {}

    private func wait(_ events: Int16, _ proceed: () throws -> Void) throws {
        try proceed()
        var socket: curl_socket_t = -1
        sysndd_curl_get_socket(handle.easy, &socket)
        var descriptor = pollfd(fd: socket, events: events, revents: 0)
        poll(&descriptor, 1, 50)
    }
}
