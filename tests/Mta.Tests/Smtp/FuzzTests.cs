using System.Net;
using System.Text;
using CsCheck;
using MailSuite.Mta.Acceptance;
using MailSuite.Mta.Smtp.Grammar;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>Whatever comes, nothing throws and every session ends.</summary>
public sealed class FuzzTests
{
    private static readonly Gen<byte[]> Line = Gen.OneOf(
        Of(
            "EHLO c", "HELO c", "LHLO c", "MAIL FROM:<>", "MAIL FROM:<a@b.example> SIZE=10", "RCPT TO:<alice@example.org>", "RCPT TO:<x@elsewhere.example>",
            "MAIL FROM:<a@b.example> RET=HDRS ENVID=a+2Bb BY=-1;NT MT-PRIORITY=9", "MAIL FROM:<> BY=1;R HOLDFOR=1", "RCPT TO:<bob@example.org> NOTIFY=SUCCESS,DELAY ORCPT=utf-8;\\x{F6}@b",
            "DATA", ".", "..", "RSET", "NOOP",
            "QUIT", "AUTH PLAIN", "AUTH LOGIN", "AUTH PLAIN AGFsaWNlQGV4YW1wbGUub3JnAHNlY3JldA==", "*", "STARTTLS", "HELP MAIL", "VRFY a@b", "VRFY alice SMTPUTF8", "EXPN alice@example.org", "SEND FROM:<a@b.example>", "SOML FROM:<>", "SAML FROM:<a@b.example>", "ETRN @b.example", "ETRN #q", "ATRN a.example,b.example", "TURN", "BDAT 1", "Subject: x", "").Select(Encoding.ASCII.GetBytes),
        Gen.Byte.Array[0, 40],
        Of("XCLIENT ADDR=192.0.2.1 LOGIN=alice@example.org", "XFORWARD NAME=a.example IDENT=+20").Select(Encoding.ASCII.GetBytes),
        Gen.String[0, 60].Select(Encoding.UTF8.GetBytes));

    private static readonly Gen<byte[]> Input = Gen.Select(Line, Of("\r\n", "\r\n", "\r\n", "\r\n", "\r\n", "\n", "\r", ""), (line, end) => (byte[])[.. line, .. Encoding.ASCII.GetBytes(end)])
        .Array[0, 25].Select(lines => lines.SelectMany(octets => octets).ToArray());

    [Theory]
    [InlineData("")]
    [InlineData("EHLO c\r\n")]
    [InlineData("EHLO c\r\nMAIL FROM:<a@b.example>\r\n")]
    [InlineData("EHLO c\r\nMAIL FROM:<a@b.example> SMTPUTF8\r\nRCPT TO:<alice@example.org>\r\n")]
    [InlineData("EHLO c\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<alice@example.org>\r\nDATA\r\n")]
    [InlineData("EHLO c\r\nAUTH LOGIN\r\n")]
    [InlineData("LHLO c\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<alice@example.org>\r\nRCPT TO:<bob@example.org>\r\n", SmtpRole.Lmtp)]
    public async Task Every_session_ends_without_an_error_of_ours(string beginning, SmtpRole role = SmtpRole.Mx)
    {
        await using var scene = new SmtpScene(role, configure: options => options with
        {
            AllowPlaintextAuthentication = true,
            AuthenticateOnMx = true,
            Terminal = Offer.Always,
            Verify = Offer.Always,
            Expand = Offer.Always,
            MaxCommandLineOctets = 100,
            XclientPeers = [IPNetwork.Parse("0.0.0.0/0")],
            XforwardPeers = [IPNetwork.Parse("0.0.0.0/0")],
            MaxTextLineOctets = 200,
            MaxMessageOctets = 300,
            SpillOctets = 100,
        });
        await Input.SampleAsync(
            async input =>
            {
                await using var transports = new ConnectedTransports(client: new IPEndPoint(IPAddress.Loopback, 40_000));
                await transports.SendAsync(Encoding.ASCII.GetBytes(beginning), CancellationToken.None);
                await transports.SendAsync(input, CancellationToken.None);
                await transports.Client.Output.CompleteAsync();
                await scene.Server.ServeAsync(transports.Server, scene.Role, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));
                Assert.Empty(scene.Log.Errors);
            },
            iter: 400,
            threads: 1);
    }

    [Fact]
    public void Every_argument_is_read_or_refused() => Gen.OneOf(
        Gen.String[0, 100],
        Gen.Select(Of("FROM:", "TO:", "from: ", "FROM:<", "TO:<@a,@b:"), Gen.String[0, 60], Of("", ">", "@b.example>", "> SIZE=1", "> A=B A=C"), (a, b, c) => a + b + c)).Sample(text =>
    {
        Assert.Equal(MailArguments.TryParse(text, out var mail, out var mailError), mailError is null);
        Assert.Equal(mail is null, mailError is not null);
        Assert.Equal(RcptArguments.TryParse(text, out var rcpt, out var rcptError), rcptError is null);
        Assert.Equal(rcpt is null, rcptError is not null);
        Assert.Equal(EsmtpParameter.TryReadAll(text, out var parameters), parameters is not null);
        Assert.Equal(LookupArguments.TryParse(text, out var lookup), lookup is not null);
        Assert.True(lookup is null || lookup.Address is not null || lookup.Name.Trim().Length > 0);
        Assert.Equal(EtrnArgument.TryParse(text, out var etrn), etrn is not null);
        Assert.Equal(AtrnArguments.TryParse(text, out var atrn), atrn is not null);
        Assert.Equal(ClientName.TryParse(text, out var name), name is not null);
        Assert.Equal(XText.TryDecode(text, out var plain), plain is not null);
        Assert.Equal(ClientAttributes.TryRead(text, ClientAttributes.OfXclient, ClientAttributes.None, out var told), told is not null);
        var line = CommandLine.Split(text);
        Assert.True(line.Verb.Length + line.Arguments.Length <= text.Length);
    });

    [Fact]
    public void Every_attribute_of_a_client_is_read_or_refused() =>
        Gen.Select(Of([.. ClientAttributes.OfXclient, .. ClientAttributes.OfXforward, "COLOUR"]), Of("=", "=[UNAVAILABLE]", "=IPV6:", "=1.2.3.4", "=+", "=+2B+3", "="), Gen.String[0, 20], (name, value, rest) => name + value + rest)
            .Array[0, 6].Select(words => string.Join(' ', words)).Sample(text =>
            {
                foreach (var known in new[] { ClientAttributes.OfXclient, ClientAttributes.OfXforward })
                    Assert.Equal(ClientAttributes.TryRead(text, known, ClientAttributes.None, out var told), told is not null);
            });

    [Fact]
    public void No_header_makes_the_scan_throw() => Gen.OneOf(
        Gen.Byte.Array[0, 300],
        Gen.Select(Of("Subject", "Message-ID ", "received", ":", "\r", " ", "Date"), Of(":", " ", "\r\n", ""), Of("=?utf-8?b?AAA?=", "<x>", "\0", "\r\n ", "=?x?q?=ZZ?="), (a, b, c) => a + b + c)
            .Array[0, 20].Select(parts => Encoding.Latin1.GetBytes(string.Join("\r\n", parts)))).Sample(octets => { HeaderScan.Of(octets); });

    private static Gen<string> Of(params string[] choices) => Gen.Int[0, choices.Length - 1].Select(i => choices[i]);
}
