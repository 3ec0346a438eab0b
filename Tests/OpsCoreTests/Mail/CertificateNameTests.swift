import Testing

@testable import OpsCore

struct CertificateNameTests {
    @Test(arguments: [
        ("mail.example.org", "mail.example.org"), ("Mail.Example.ORG", "mail.example.org"),
        ("mail.example.org", "mail.example.org."), ("*.example.org", "mail.example.org"), ("127.0.0.1", "127.0.0.1"),
        ("0:0:0:0:0:0:0:1", "::1"),
    ])
    func itIsForThatHost(_ name: String, _ host: String) {
        #expect(CertificateName(name).matches(host))
    }

    /// A wildcard stands for one label, not for none, not for several, and not for all hosts of a top-level domain.
    @Test(arguments: [
        ("mail.example.org", "example.org"), ("*.example.org", "example.org"), ("*.example.org", "a.mail.example.org"),
        ("*.org", "example.org"), ("m*.example.org", "mail.example.org"), ("*.0.0.1", "127.0.0.1"), ("", "example.org"),
        ("*.example.org", ".example.org"), ("127.0.0.1", "127.0.0.2"),
    ])
    func itIsForAnother(_ name: String, _ host: String) {
        #expect(!CertificateName(name).matches(host))
    }
}
