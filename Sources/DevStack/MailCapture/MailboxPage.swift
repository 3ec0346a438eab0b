import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// The inbox for people: plain pages without a script. A message's HTML is shown in a frame that may do nothing.
enum MailboxPage {
    static func response(_ messages: [CapturedMail]) -> Response {
        let rows = messages.map { mail in
            let people = (mail.addresses("To") + mail.addresses("Cc") + mail.blindCopies).map(\.address)
            let subject = mail.subject.isEmpty ? "(no subject)" : mail.subject
            return """
                <tr\(mail.isRead ? "" : " class=new")><td>\(escaped(mail.created.formatted(.iso8601)))
                <td>\(escaped(mail.from.address))<td>\(escaped(people.joined(separator: ", ")))
                <td><a href="/view/\(mail.id)">\(escaped(subject))</a>
                """
        }
        let table = "<table><tr><th>Time<th>From<th>To<th>Subject\n\(rows.joined(separator: "\n"))</table>"
        return page("Captured mail", messages.isEmpty ? "<p>No mail yet.</p>" : table)
    }

    static func response(_ mail: CapturedMail) -> Response {
        let people = [
            ("From", [mail.from]), ("To", mail.addresses("To")), ("Cc", mail.addresses("Cc")),
            ("Bcc", mail.blindCopies),
        ]
        let lines = people.filter { !$0.1.isEmpty }.map { name, list in
            "<dt>\(name)<dd>" + escaped(list.map { "\($0.name) <\($0.address)>" }.joined(separator: ", "))
        }
        let html = mail.html.isEmpty ? "" : "<h2>HTML</h2><iframe sandbox srcdoc=\"\(escaped(mail.html))\"></iframe>"
        return page(
            mail.subject,
            """
            <p><a href="/">all mail</a> · <a href="/api/v1/message/\(mail.id)/raw">source</a></p>
            <dl>\(lines.joined(separator: "\n"))</dl><pre>\(escaped(mail.text))</pre>\(html)
            """)
    }

    private static func page(_ title: String, _ body: String) -> Response {
        let text = """
            <!doctype html><html lang="en"><meta charset="utf-8"><title>\(escaped(title))</title>
            <style>body{font:16px sans-serif;margin:2em;max-width:70em}table{border-collapse:collapse;width:100%}
            td,th{text-align:left;padding:.3em .8em;border-bottom:1px solid #ddd}.new{font-weight:bold}
            pre{white-space:pre-wrap;background:#f6f6f6;padding:1em}iframe{width:100%;height:30em;border:1px solid #ddd}
            dt{float:left;width:4em;color:#666}</style><h1>\(escaped(title))</h1>\(body)
            """
        let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/html; charset=utf-8", .cacheControl: "no-store", .contentSecurityPolicy: policy,
            ], body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}
