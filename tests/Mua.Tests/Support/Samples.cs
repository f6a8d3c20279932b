using MailSuite.Shared.Addressing;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mua;
using MailSuite.Mua.Reading;

namespace MailSuite.Mua.Tests.Support;

internal static class Samples
{
    internal const string Token = "0123456789abcdef0123456789abcdef";

    internal static readonly Account Bob = new(new AccountId(1), EnvelopeAddress.Parse("bob@example.org"), "Bob Ross");

    internal static MuaOptions Options(string directory) => new() { DataDirectory = directory, HostName = "mail.example.org", LocalToken = Token };

    internal static MemoryContent Content(string octets) => new(System.Text.Encoding.UTF8.GetBytes(octets.ReplaceLineEndings("\r\n")));

    internal static async Task<ReadableMessage> ReadAsync(string octets) => await ReadableMessage.OpenAsync(Content(octets), CancellationToken.None);

    internal const string Simple = """
        From: Ann Lee <ann@example.net>
        To: bob@example.org
        Subject: Hello
        Message-ID: <m1@example.net>
        Date: Mon, 23 Nov 2026 09:30:00 +0100

        Hello Bob.
        """;

    /// <summary>HTML with a picture inside, one from elsewhere, a script, and an attachment.</summary>
    internal const string Newsletter = """
        From: News <news@letters.example>
        To: bob@example.org
        Subject: News
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary=m

        --m
        Content-Type: multipart/related; boundary=r

        --r
        Content-Type: multipart/alternative; boundary=a

        --a
        Content-Type: text/plain; charset=utf-8

        The plain form.
        --a
        Content-Type: text/html; charset=utf-8

        <p>The <b>HTML</b> form. <img src="cid:pic"> <img src="https://tracker.example/x.gif"><script>alert(1)</script> <a href="https://example.org/">link</a></p>
        --a--
        --r
        Content-Type: image/png
        Content-ID: <pic>
        Content-Transfer-Encoding: base64

        iVBORw0KGgo=
        --r--
        --m
        Content-Type: text/html; name="../../evil.html"
        Content-Disposition: attachment; filename="../../evil.html"

        <script>alert(2)</script>
        --m--
        """;
}
