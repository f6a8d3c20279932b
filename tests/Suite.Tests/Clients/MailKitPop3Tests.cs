using MailKit.Net.Pop3;
using MailKit.Security;
using MailSuite.Suite.Tests.Support;

namespace MailSuite.Suite.Tests.Clients;

public sealed class MailKitPop3Tests(SharedServer server) : IClassFixture<SharedServer>
{
    [Theory]
    [InlineData(SecureSocketOptions.StartTls)]
    [InlineData(SecureSocketOptions.SslOnConnect)]
    public async Task Lists_fetches_and_removes(SecureSocketOptions security)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var ann = await Person.WithMailAsync(server, "One", "Two");
        using var client = new Pop3Client { ServerCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null };
        await client.ConnectAsync("127.0.0.1", security == SecureSocketOptions.StartTls ? ann.Pop3Port : ann.Pop3sPort, security, cancellation);
        await client.AuthenticateAsync(ann.Address, ann.Password, cancellation);
        Assert.True(client.Capabilities.HasFlag(Pop3Capabilities.Pipelining | Pop3Capabilities.UIDL | Pop3Capabilities.Top | Pop3Capabilities.UTF8));
        Assert.Equal(2, (await client.GetMessageUidsAsync(cancellation)).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal("One", (await client.GetMessageHeadersAsync(0, cancellation))[MimeKit.HeaderId.Subject]);
        Assert.Equal(["One", "Two"], (await client.GetMessagesAsync(0, 2, cancellation)).Select(message => message.Subject));
        await client.DeleteMessageAsync(0, cancellation);
        await client.DisconnectAsync(quit: true, cancellation);
        Assert.Contains("Subject: Two", Assert.Single(await ann.TextsAsync()), StringComparison.Ordinal);
    }
}
