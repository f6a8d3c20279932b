using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using MailSuite.Host.Configuration;
using MailSuite.Suite.Tests.Support;

namespace MailSuite.Suite.Tests.Relaying;

/// <summary>A host fetches the mail of its domain from the whole program, over TCP and TLS (RFC 2645).</summary>
public sealed class OdmrTests
{
    private const string Password = "correct horse battery";

    [Fact]
    public async Task Mail_that_anybody_sent_is_fetched_over_the_hosts_own_connection()
    {
        await using var suite = await ProgramUnderTest.ServerAsync("a.test",
            ("MAILSUITE_Odmr__Port", "0"), ("MAILSUITE_Odmr__Addresses", "127.0.0.1"), ("MAILSUITE_Mta__TurnInterval", "0 s"),
            ("MAILSUITE_Mta__TurnDomains", """{ "customer.test": ["gateway@a.test"] }"""));
        await suite.AddAccountAsync("gateway@a.test", Password);
        foreach (var subject in new[] { "one", "two" })
        {
            using var stranger = await SmtpTalk.ConnectAsync(suite.EndPoint(EndpointKind.Smtp).Port);
            await stranger.BeginDataAsync("carol@example.net", "bob@customer.test");
            Assert.StartsWith("250", await stranger.SayAsync($"Subject: {subject}\r\n\r\nHello.\r\n."), StringComparison.Ordinal);
        }

        using (var gateway = await Gateway.ConnectAsync(suite.EndPoint(EndpointKind.Odmr).Port))
        {
            await gateway.SayAsync("ATRN customer.test", "250");
            await gateway.SayAsync("220 gateway.customer.test", "EHLO mx.a.test");
            await gateway.SayAsync("250 gateway.customer.test", "MAIL FROM:<carol@example.net>");
            foreach (var subject in new[] { "one", "two" })
            {
                await gateway.SayAsync("250 ok", "RCPT TO:<bob@customer.test>");
                await gateway.SayAsync("250 ok", "DATA");
                Assert.Contains($"Subject: {subject}", await gateway.TakeAsync("354 go on"), StringComparison.Ordinal);
                await gateway.SayAsync("250 taken", subject == "one" ? "MAIL FROM:<carol@example.net>" : "QUIT");
            }

            await gateway.SayAsync("221 bye", "");
        }

        using var again = await Gateway.ConnectAsync(suite.EndPoint(EndpointKind.Odmr).Port);
        await again.SayAsync("ATRN customer.test", "453");
        await again.SayAsync("MAIL FROM:<gateway@a.test>", "502");
        await again.SayAsync("QUIT", "221");
    }

    /// <summary>The customer's side: a client up to ATRN, the server after it.</summary>
    private sealed class Gateway : IDisposable
    {
        private readonly TcpClient _connection = new();
        private Stream _stream = Stream.Null;
        private StreamReader _reader = StreamReader.Null;

        public static async Task<Gateway> ConnectAsync(int port)
        {
            var gateway = new Gateway();
            await gateway._connection.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
            gateway.Over(gateway._connection.GetStream());
            Assert.StartsWith("220", await gateway.HearAsync(), StringComparison.Ordinal);
            await gateway.SayAsync("EHLO gateway.customer.test", "250");
            await gateway.SayAsync("STARTTLS", "220");
            var tls = new SslStream(gateway._connection.GetStream(), leaveInnerStreamOpen: false, static (_, _, _, _) => true);
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "mx.a.test" }, TestContext.Current.CancellationToken);
            gateway.Over(tls);
            await gateway.SayAsync("EHLO gateway.customer.test", "250");
            await gateway.SayAsync($"AUTH PLAIN {Convert.ToBase64String(Encoding.ASCII.GetBytes($"\0gateway@a.test\0{Password}"))}", "235");
            return gateway;
        }

        /// <summary>Says a line; the other side's next begins so.</summary>
        public async Task SayAsync(string line, string answer)
        {
            await _stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), TestContext.Current.CancellationToken);
            var heard = await HearAsync();
            Assert.StartsWith(answer, heard, StringComparison.Ordinal);
            Assert.Equal(answer.Length == 0, heard.Length == 0);
        }

        /// <summary>Says a line and reads a message to its dot.</summary>
        public async Task<string> TakeAsync(string line)
        {
            await _stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), TestContext.Current.CancellationToken);
            var message = new StringBuilder();
            while (await _reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } next && next != ".")
                message.AppendLine(next);
            return message.ToString();
        }

        public void Dispose()
        {
            _reader.Dispose();
            _stream.Dispose();
            _connection.Dispose();
        }

        private void Over(Stream stream) => (_stream, _reader) = (stream, new StreamReader(stream, Encoding.ASCII));

        /// <summary>The last line of what comes next; empty at the end of the connection.</summary>
        private async Task<string> HearAsync()
        {
            while (await _reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                if (line.Length < 4 || line[3] != '-')
                    return line;
            }

            return "";
        }
    }
}
