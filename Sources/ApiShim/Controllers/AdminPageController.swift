import HTTPTypes
import Hummingbird
import NIOCore

/// `/admin`: a page for administrators. Its files are in the binary; it needs no other host, and works through the same
/// API as everybody else.
struct AdminPageController: Sendable {
    private struct File {
        let name: String
        let type: String
        let bytes: [UInt8]
    }

    private static let script = "text/javascript; charset=utf-8"
    private static let files = [
        File(name: "admin.css", type: "text/css; charset=utf-8", bytes: PackageResources.admin_css),
        File(name: "admin.js", type: script, bytes: PackageResources.admin_js),
        File(name: "api.js", type: script, bytes: PackageResources.api_js),
        File(name: "backups.js", type: script, bytes: PackageResources.backups_js),
        File(name: "charts.js", type: script, bytes: PackageResources.charts_js),
        File(name: "icon.svg", type: "image/svg+xml", bytes: PackageResources.icon_svg),
        File(name: "jobs.js", type: script, bytes: PackageResources.jobs_js),
        File(name: "mail.js", type: script, bytes: PackageResources.mail_js),
        File(name: "migrations.js", type: script, bytes: PackageResources.migrations_js),
        File(name: "preflight.js", type: script, bytes: PackageResources.preflight_js),
        File(name: "state.js", type: script, bytes: PackageResources.state_js),
        File(name: "view.js", type: script, bytes: PackageResources.view_js),
    ]

    func addRoutes(to routes: ShimRoutes) {
        let page = File(name: "", type: "text/html; charset=utf-8", bytes: PackageResources.admin_html)
        routes.anyone.get("/admin") { _, _ in
            var response = Self.response(page)
            response.headers += SecurityHeaders.page
            return response
        }
        for file in Self.files {
            routes.anyone.get("/admin/\(file.name)") { _, _ in Self.response(file) }
        }
    }

    private static func response(_ file: File) -> Response {
        Response(
            status: .ok, headers: [.contentType: file.type, .cacheControl: "no-cache"],
            body: .init(byteBuffer: ByteBuffer(bytes: file.bytes)))
    }
}
