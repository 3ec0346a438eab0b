import CCurl
import Foundation

/// The one owner of a libcurl session: an easy handle, driven by a multi handle of its own so that every stage can have a
/// deadline and a session can be cancelled at any moment.
///
/// Used by one thread from beginning to end; calls block it.
final class CurlHandle {
    /// What libcurl reports while it works.
    enum Event {
        case sent(String)
        case received(String)
        /// libcurl's own remark.
        case remark(String)
    }

    let easy: UnsafeMutableRawPointer
    private let multi: UnsafeMutableRawPointer
    private var lists: [UnsafeMutablePointer<curl_slist>] = []
    /// The message that is read from while it is sent.
    fileprivate var upload: ArraySlice<UInt8> = []
    fileprivate var onUploadEnd: () -> Void = {}
    /// Called for each event, on the thread that runs `perform`.
    var onEvent: (Event) -> Void = { _ in }
    /// Asked once the session stands and before a message is begun: false ends it there.
    var mayBegin: () -> Bool = { true }

    /// Asked while `perform` runs.
    private var proceed: () throws -> Void = {}
    /// What it threw.
    private var refusal: (any Error)?

    /// Sockets that are open now.
    fileprivate var sockets: Set<curl_socket_t> = []
    /// Whether the end of the handle says QUIT; else the connection is just cut.
    var saysFarewell = false

    private static let farewellSeconds = 5
    private static let isReady: Bool = sysndd_curl_global_init() == CURLE_OK

    init() throws {
        guard Self.isReady, let easy = curl_easy_init() else {
            throw MailError(.config, "libcurl cannot be used", isTemporary: true)
        }
        guard let multi = curl_multi_init() else {
            curl_easy_cleanup(easy)
            throw MailError(.config, "out of memory while making a mail session", isTemporary: true)
        }
        self.easy = easy
        self.multi = multi
        set(CURLOPT_NOSIGNAL, 1)
        // A name server that does not answer has had its time: its thread is left to end by itself.
        set(CURLOPT_QUICK_EXIT, 1)
        set(CURLOPT_VERBOSE, 1)
        sysndd_curl_set_debug(easy, curlDebug, Unmanaged.passUnretained(self).toOpaque())
        sysndd_curl_set_progress(easy, curlProgress, Unmanaged.passUnretained(self).toOpaque())
        sysndd_curl_set_sockets(easy, curlOpened, curlClosed, Unmanaged.passUnretained(self).toOpaque())
        // Nothing is ever printed, whatever a server sends.
        sysndd_curl_set_write(easy, { _, size, count, _ in size * count }, nil)
    }

    deinit {
        // libcurl reports its farewell too, but whoever listened may be gone.
        onEvent = { _ in }
        set(CURLOPT_VERBOSE, 0)
        // libcurl waits for the answer to its QUIT. Whoever failed or was cancelled has waited long enough.
        if saysFarewell {
            set(CURLOPT_SERVER_RESPONSE_TIMEOUT, Self.farewellSeconds)
        } else {
            for socket in sockets { shutdown(socket, Int32(SHUT_RDWR)) }
        }
        curl_multi_remove_handle(multi, easy)
        curl_easy_cleanup(easy)
        curl_multi_cleanup(multi)
        lists.forEach { curl_slist_free_all($0) }
    }

    func set(_ option: CURLoption, _ value: Int) { sysndd_curl_set_long(easy, option, value) }

    func set(_ option: CURLoption, _ value: String) { sysndd_curl_set_text(easy, option, value) }

    func set(_ option: CURLoption, _ values: [String]) {
        var list: UnsafeMutablePointer<curl_slist>?
        for value in values { list = curl_slist_append(list, value) }
        if let list { lists.append(list) }
        sysndd_curl_set_list(easy, option, list)
    }

    /// Sets what is sent as the message.
    func setUpload(_ bytes: [UInt8], onEnd: @escaping () -> Void) {
        upload = bytes[...]
        onUploadEnd = onEnd
        set(CURLOPT_UPLOAD, 1)
        sysndd_curl_set_size(easy, CURLOPT_INFILESIZE_LARGE, curl_off_t(bytes.count))
        let context = Unmanaged.passUnretained(self).toOpaque()
        sysndd_curl_set_read(easy, curlRead, context)
        sysndd_curl_set_before_request(easy, curlBeforeRequest, context)
    }

    /// Runs what was set up to its end.
    /// - Parameter proceed: asked several times a second; it throws to give up.
    func perform(_ proceed: @escaping () throws -> Void) throws -> CURLcode {
        self.proceed = proceed
        defer { self.proceed = {} }
        curl_multi_add_handle(multi, easy)
        var running: Int32 = 1
        while true {
            let code = curl_multi_perform(multi, &running)
            if let refusal { throw refusal }
            guard code == CURLM_OK else { throw MailError(.config, "libcurl failed: \(code.rawValue)") }
            if running == 0 { break }
            try proceed()
            curl_multi_poll(multi, nil, 0, 50, nil)
        }
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            if message.pointee.msg == CURLMSG_DONE { return message.pointee.data.result }
        }
        return CURLE_FAILED_INIT
    }

    /// libcurl waits within one call for the answer to a whole message, and asks here every second meanwhile.
    fileprivate func mayGoOn() -> Bool {
        do {
            try proceed()
            return true
        } catch {
            refusal = error
            return false
        }
    }

    /// What libcurl says about the server's certificates, the server's own first.
    var certificates: [[String]] {
        var found: UnsafeMutablePointer<curl_certinfo>?
        guard sysndd_curl_get_certificates(easy, &found) == CURLE_OK, let found, let lists = found.pointee.certinfo
        else { return [] }
        return (0..<Int(found.pointee.num_of_certs)).map { index in
            sequence(first: lists[index]) { $0?.pointee.next }.prefix { $0 != nil }
                .compactMap { $0.map { String(cString: $0.pointee.data) } }
        }
    }

    func number(_ info: CURLINFO) -> Int {
        var value = 0
        sysndd_curl_get_long(easy, info, &value)
        return value
    }

    func microseconds(_ info: CURLINFO) -> Int {
        var value: curl_off_t = 0
        sysndd_curl_get_size(easy, info, &value)
        return Int(value)
    }

    func text(_ info: CURLINFO) -> String? {
        var value: UnsafePointer<CChar>?
        sysndd_curl_get_text(easy, info, &value)
        return value.map { String(cString: $0) }
    }
}

private func handle(_ context: UnsafeMutableRawPointer?) -> CurlHandle {
    Unmanaged<CurlHandle>.fromOpaque(context!).takeUnretainedValue()
}

private func curlDebug(
    _: UnsafeMutableRawPointer?, _ type: curl_infotype, _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int32 {
    let text = { String(decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self) }
    switch type {
    case CURLINFO_HEADER_OUT: handle(context).onEvent(.sent(text()))
    case CURLINFO_HEADER_IN: handle(context).onEvent(.received(text()))
    case CURLINFO_TEXT: handle(context).onEvent(.remark(text()))
    default: break
    }
    return 0
}

private func curlRead(
    _ target: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    let handle = handle(context)
    let part = handle.upload.prefix(size * count)
    UnsafeMutableRawBufferPointer(start: target, count: size * count).copyBytes(from: part)
    handle.upload = handle.upload.dropFirst(part.count)
    if handle.upload.isEmpty { handle.onUploadEnd() }
    return part.count
}

private func curlBeforeRequest(
    _ context: UnsafeMutableRawPointer?, _: UnsafeMutablePointer<CChar>?, _: UnsafeMutablePointer<CChar>?, _: Int32,
    _: Int32
) -> Int32 {
    handle(context).mayBegin() ? Int32(CURL_PREREQFUNC_OK) : Int32(CURL_PREREQFUNC_ABORT)
}

private func curlProgress(
    _ context: UnsafeMutableRawPointer?, _: curl_off_t, _: curl_off_t, _: curl_off_t, _: curl_off_t
) -> Int32 {
    handle(context).mayGoOn() ? 0 : 1
}

private func curlOpened(_ context: UnsafeMutableRawPointer?, _ socket: curl_socket_t, _: curlsocktype) -> Int32 {
    handle(context).sockets.insert(socket)
    return Int32(CURL_SOCKOPT_OK)
}

private func curlClosed(_ context: UnsafeMutableRawPointer?, _ socket: curl_socket_t) -> Int32 {
    handle(context).sockets.remove(socket)
    return close(socket)
}
