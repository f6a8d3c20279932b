using MailSuite.Host.Configuration;
using MailSuite.Suite.Tests.Support;

namespace MailSuite.Suite.Tests.Clients;

/// <summary>Mailboxes over IMAP: the ports of both profiles.</summary>
public sealed class ImapPortTests(SharedServer server) : IClassFixture<SharedServer>
{
    private readonly ProgramUnderTest _suite = server.Program;

    [Fact]
    public async Task Serves_the_development_profile_on_loopback_with_any_password()
    {
        await using var program = await ProgramUnderTest.DevelopmentAsync();
        await using var talk = await LineTalk.ConnectAsync(program.EndPoint(EndpointKind.Imap).Port, LineTalk.Imap);
        Assert.StartsWith("a OK [CAPABILITY ", await talk.SayAsync("a LOGIN ann@example.org any"), StringComparison.Ordinal);
        Assert.StartsWith("* BYE ", await talk.SayAsync("b LOGOUT"), StringComparison.Ordinal);
        Assert.StartsWith("b OK ", await talk.ReadAsync(), StringComparison.Ordinal);
        Assert.Equal("", await talk.ReadAsync());
    }

    [Fact]
    public async Task Serves_a_server_with_STARTTLS_and_with_TLS_from_the_first_octet()
    {
        var ann = await server.MailboxAsync();
        await using (var talk = await LineTalk.ConnectAsync(_suite.EndPoint(EndpointKind.Imap).Port, LineTalk.Imap))
        {
            Assert.Contains(" LOGINDISABLED", await talk.SayAsync("a CAPABILITY"), StringComparison.Ordinal);
            Assert.StartsWith("a OK ", await talk.ReadAsync(), StringComparison.Ordinal);
            Assert.StartsWith("b NO [PRIVACYREQUIRED] ", await talk.SayAsync($"b LOGIN {ann} {SharedServer.Password}"), StringComparison.Ordinal);
            Assert.StartsWith("c OK ", await talk.SayAsync("c STARTTLS"), StringComparison.Ordinal);
            await talk.BeginTlsAsync();
            Assert.StartsWith("d OK [CAPABILITY ", await talk.SayAsync($"d LOGIN {ann} \"{SharedServer.Password}\""), StringComparison.Ordinal);
        }

        await using var tls = await LineTalk.ConnectTlsAsync(_suite.EndPoint(EndpointKind.ImapTls).Port, LineTalk.Imap);
        Assert.StartsWith("a NO [AUTHENTICATIONFAILED] ", await tls.SayAsync($"a LOGIN {ann} wrong"), StringComparison.Ordinal);
        Assert.StartsWith("b OK [CAPABILITY ", await tls.SayAsync($"b LOGIN {ann} \"{SharedServer.Password}\""), StringComparison.Ordinal);
    }
}
