using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using MailSuite.Host.Configuration;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Suite.Tests.Support;
using MailSuite.Testing;

namespace MailSuite.Suite.Tests.Relaying;

/// <summary>What passes through servers keeps its octets: below the trace fields that each puts in front (RFC 5321 §4.4) it is what was sent, by its hash.</summary>
public sealed class ByteForByteTests : IAsyncDisposable
{
    private const string Receiver = "bob@c.test";

    private static readonly string[] TraceFields = ["Return-Path:", "Received:", "Delivered-To:"];

    private readonly FakeDnsServer _dns = new FakeDnsServer()
        .Mx("b.test", 10, "mx.b.test").Address("mx.b.test", IPAddress.Loopback)
        .Mx("c.test", 10, "mx.c.test").Address("mx.c.test", IPAddress.Loopback);

    public ValueTask DisposeAsync() => _dns.DisposeAsync();

    [Fact]
    public async Task Through_two_instances()
    {
        var portC = SmtpSink.FreePort();
        await using var c = await LastAsync(portC);
        await using var a = await RelayAsync("a.test", Receiver, ("MAILSUITE_Relay__Port", $"{portC}"));

        await KeepsAsync(a.EndPoint(EndpointKind.Smtp).Port, "in@a.test", c, Lines(), Anything());
    }

    [Fact]
    public async Task Through_three_instances_by_MX_and_by_smarthost()
    {
        var (portB, portC) = (SmtpSink.FreePort(), SmtpSink.FreePort());
        await using var c = await LastAsync(portC);
        // The last step goes to a smarthost, without any look at the DNS.
        await using var b = await RelayAsync("b.test", Receiver, ("MAILSUITE_Smtp__Port", $"{portB}"), ("MAILSUITE_Relay__Smarthost__Hosts", $"[\"[127.0.0.1]:{portC}\"]"));
        await using var a = await RelayAsync("a.test", "in@b.test", ("MAILSUITE_Relay__Port", $"{portB}"));

        await KeepsAsync(a.EndPoint(EndpointKind.Smtp).Port, "in@a.test", c, Lines(), Anything());
    }

    [Fact]
    public async Task Through_Postfix_as_the_next_hop_and_as_the_previous_one()
    {
        var (portPostfix, portC) = (SmtpSink.FreePort(), SmtpSink.FreePort());
        await using var c = await LastAsync(portC);
        await using var postfix = await PostfixClient.StartAsync(portPostfix,
            $"relayhost = [127.0.0.1]:{portC}", "mynetworks = 127.0.0.0/8", "smtpd_relay_restrictions = permit_mynetworks, reject", "disable_mime_output_conversion = yes",
            "message_size_limit = 50000000", "mailbox_size_limit = 0", "smtp_line_length_limit = 0", "line_length_limit = 100000", "smtp_tls_security_level = may", "local_header_rewrite_clients =", "message_drop_headers =");
        await using var a = await RelayAsync("a.test", Receiver, ("MAILSUITE_Relay__Smarthost__Hosts", $"[\"[127.0.0.1]:{portPostfix}\"]"));

        // Without BINARYMIME it has no way for what does not consist of lines.
        await KeepsAsync(a.EndPoint(EndpointKind.Smtp).Port, "in@a.test", c, [.. Lines().Where(HasHeader).Take(40)], [], chunked: "8BITMIME");
    }

    /// <summary>Messages of lines, for DATA and for BDAT.</summary>
    private static List<byte[]> Lines() =>
    [
        .. new[]
        {
            "Subject: dots\r\n\r\n.\r\n..\r\n...\r\n.a\r\n\r\n.\r\n",
            "Subject: no body\r\n\r\n",
            "Subject: only a header\r\n",
            "Subject: gr\xfc\xdf\x65\r\n\r\n\xe4\xf6\xfc \xff\xfe\r\n",
            "Subject: a long line\r\n\r\n" + new string('x', 998) + "\r\n" + new string('y', 20_000) + "\r\n.\r\n",
            "Subject: blank lines\r\n\r\n\r\n\r\n\r\n",
            "Subject: blanks at the end \t \r\n\r\nx  \t\r\n \r\n",
            "Subject: folded\r\n\tand folded\r\n  again\r\nX-Odd:\r\n\r\nFrom here\r\n>From there\r\n",
            "Subject: QUIT\r\n\r\nQUIT\r\nRSET\r\nDATA\r\n",
            "Subject: large\r\n\r\n" + string.Concat(Enumerable.Range(0, 150_000).Select(i => string.Create(CultureInfo.InvariantCulture, $".{i} 0123456789012345678901234567890123456789012345678901234567890\r\n"))),
        }.Select(Encoding.Latin1.GetBytes),
        // Before one without a header the first server puts an empty line, or its own field would be followed by text.
        .. TestVectors.Messages().Select(File.ReadAllBytes).Where(octets => octets.Length is > 0 and < 2_000_000 && IsLines(octets) && HasHeader(octets)),
    ];

    /// <summary>Messages of any octets, for BDAT alone (RFC 3030).</summary>
    private static List<byte[]> Anything() =>
    [
        .. new[]
        {
            "Subject: bare CR\r\n\r\na\rb\r\r\n",
            "Subject: bare LF\r\n\r\na\nb\n\n.\n",
            "Subject: no end of line\r\n\r\nend",
            "Subject: NUL\r\n\r\na\0b\r\n",
            "Subject: CR at the end\r\n\r\nx\r",
        }.Select(Encoding.Latin1.GetBytes),
        .. TestVectors.Messages().Select(File.ReadAllBytes).Where(octets => octets.Length is > 0 and < 2_000_000 && !IsLines(octets) && HasHeader(octets)),
    ];

    private static bool IsLines(byte[] octets)
    {
        for (var i = 0; i < octets.Length; i++)
        {
            if (octets[i] == 0 || (octets[i] == '\n' && (i == 0 || octets[i - 1] != '\r')) || (octets[i] == '\r' && (i + 1 == octets.Length || octets[i + 1] != '\n')))
                return false;
        }

        return octets[^1] == '\n';
    }

    /// <summary>Whether all up to the first empty line are fields, ended by CRLF (RFC 5322 §2.2).</summary>
    private static bool HasHeader(byte[] octets)
    {
        var text = Encoding.Latin1.GetString(octets);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
            return false;
        var lines = text[..end].Split("\r\n");
        return !lines[0].StartsWith(' ') && !lines[0].StartsWith('\t') && lines.All(line => line.Length < 1000 && line.IndexOfAny(['\r', '\n', '\0']) < 0
            && (line.StartsWith(' ') || line.StartsWith('\t') || (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && line[..colon].All(c => c is > ' ' and <= '~'))));
    }

    private async Task<ProgramUnderTest> LastAsync(int port)
    {
        var program = await ProgramUnderTest.ServerAsync("c.test", [("MAILSUITE_Smtp__Port", $"{port}"), .. Common()]);
        await program.AddAccountAsync(Receiver, "correct horse battery");
        return program;
    }

    /// <summary>A server whose one address leads on to another host.</summary>
    private Task<ProgramUnderTest> RelayAsync(string domain, string next, params (string, string)[] settings) =>
        ProgramUnderTest.ServerAsync(domain, [($"MAILSUITE_Aliases__in@{domain}", next), .. settings, .. Common()]);

    private (string, string)[] Common() =>
    [
        ("MAILSUITE_Relay__DnsServers", _dns.EndPoint.ToString()), ("MAILSUITE_Strictness__AddressRates__Mails", "0"), ("MAILSUITE_Strictness__AddressRates__Recipients", "0"),
        ("MAILSUITE_Strictness__AddressRates__Connections", "0"), ("MAILSUITE_Strictness__NetworkRates__Mails", "0"), ("MAILSUITE_Strictness__NetworkRates__Connections", "0"),
    ];

    /// <summary>Sends them and finds each of them once in the last mailbox, whole, below trace fields and nothing else.</summary>
    /// <param name="chunked">The BODY of what is sent by BDAT.</param>
    private static async Task KeepsAsync(int port, string to, ProgramUnderTest last, IReadOnlyList<byte[]> lines, IReadOnlyList<byte[]> anything, string chunked = "BINARYMIME")
    {
        var sent = new List<byte[]>();
        using (var talk = await SmtpTalk.ConnectAsync(port))
        {
            await talk.SayAsync("EHLO client.test");
            foreach (var message in lines)
            {
                await BeginAsync(talk, to, "8BITMIME");
                Assert.StartsWith("354", await talk.SayAsync("DATA"), StringComparison.Ordinal);
                await talk.SendAsync(Stuffed(message) + ".\r\n");
                Note(message, await talk.ReplyAsync());
            }

            foreach (var message in lines.Concat(anything))
            {
                await BeginAsync(talk, to, chunked);
                // In two chunks, cut anywhere.
                var cut = message.Length / 3;
                await talk.SendAsync($"BDAT {cut}\r\n{Encoding.Latin1.GetString(message, 0, cut)}BDAT {message.Length - cut} LAST\r\n{Encoding.Latin1.GetString(message, cut, message.Length - cut)}");
                var first = await talk.ReplyAsync();
                Note(message, first.StartsWith('2') ? await talk.ReplyAsync() : first);
            }
        }

        Assert.True(sent.Count >= (2 * lines.Count) + anything.Count - 5, $"Only {sent.Count} of {(2 * lines.Count) + anything.Count} messages were accepted.");
        await AssertAllThereAsync(last, sent);

        void Note(byte[] message, string reply)
        {
            if (reply.StartsWith('2'))
                sent.Add(message);
        }
    }

    private static async Task BeginAsync(SmtpTalk talk, string to, string body)
    {
        Assert.StartsWith("250", await talk.SayAsync($"MAIL FROM:<sender@client.test> BODY={body}"), StringComparison.Ordinal);
        Assert.StartsWith("250", await talk.SayAsync($"RCPT TO:<{to}>"), StringComparison.Ordinal);
    }

    private static string Stuffed(byte[] message) => ("\r\n" + Encoding.Latin1.GetString(message)).Replace("\r\n.", "\r\n..", StringComparison.Ordinal)[2..];

    private static async Task AssertAllThereAsync(ProgramUnderTest last, List<byte[]> sent)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var account = await last.Accounts.FindAsync(EnvelopeAddress.Parse(Receiver), cancellation);
        await Eventually.HoldsAsync(async () => (await InboxAsync(last, account!)).Messages >= sent.Count, $"{sent.Count} messages in {Receiver}");

        var missing = sent.GroupBy(Hash, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        var lengths = sent.Select(message => message.Length).Distinct().OrderDescending().ToList();
        var inbox = await InboxAsync(last, account!);
        Assert.Equal(sent.Count, inbox.Messages);
        Uid? before = null;
        while ((await last.Mailboxes.PageAsync(account!.Id, inbox.Id, new MessagePageRequest(before, 0, 100), cancellation)).Messages is { Count: > 0 } page)
        {
            foreach (var summary in page)
            {
                var stored = Encoding.Latin1.GetBytes(await ProgramUnderTest.TextOfAsync((await last.Mailboxes.OpenAsync(account.Id, inbox.Id, summary.Uid, cancellation))!));
                var found = lengths.Where(length => length < stored.Length && IsTrace(stored.AsSpan(0, stored.Length - length)))
                    .Select(length => Hash(stored[^length..])).FirstOrDefault(missing.ContainsKey);
                Assert.True(found is not null, $"This was not sent: {Encoding.Latin1.GetString(stored, 0, Math.Min(stored.Length, 1500))}");
                if (--missing[found] == 0)
                    missing.Remove(found);
            }

            before = page[^1].Uid;
        }

        Assert.Empty(missing);
    }

    private static async Task<Mailbox> InboxAsync(ProgramUnderTest program, Account account) =>
        (await program.Mailboxes.ListAsync(account.Id, TestContext.Current.CancellationToken)).Single(mailbox => mailbox.Use == SpecialUse.Inbox);

    private static bool IsTrace(ReadOnlySpan<byte> octets)
    {
        var text = Encoding.Latin1.GetString(octets);
        return text.EndsWith("\r\n", StringComparison.Ordinal)
            && text[..^2].Split("\r\n").All(line => line.StartsWith(' ') || line.StartsWith('\t') || TraceFields.Any(field => line.StartsWith(field, StringComparison.OrdinalIgnoreCase)));
    }

    private static string Hash(byte[] octets) => Convert.ToHexString(SHA256.HashData(octets));
}
