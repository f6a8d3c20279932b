using MailKit.Net.Smtp;
using MailKit.Security;
using MailSuite.Host.Configuration;
using MailSuite.Suite.Tests.Support;
using MailSuite.Testing;
using MimeKit;

namespace MailSuite.Suite.Tests.Relaying;

/// <summary>Two instances of the whole program, one of which is the other's provider: its submission, with TLS, a name and a password.</summary>
public sealed class SmarthostTests : IAsyncDisposable
{
    private const string Password = "correct horse battery";
    private const string ProvidersPassword = "staple of the provider";

    private readonly FakeDnsServer _dns = new();

    public ValueTask DisposeAsync() => _dns.DisposeAsync();

    [Fact]
    public async Task All_mail_goes_by_the_provider_signed_in_and_nobody_sees_the_password()
    {
        await using var provider = await ProgramUnderTest.ServerAsync("provider.test", ("MAILSUITE_Relay__DnsServers", _dns.EndPoint.ToString()), ("MAILSUITE_Mta__SubmissionOwnership", "false"));
        await provider.AddAccountAsync("customer@provider.test", ProvidersPassword);
        await provider.AddAccountAsync("bob@provider.test", Password);
        await using var here = await ProgramUnderTest.ServerAsync("here.test",
            ("MAILSUITE_Relay__DnsServers", _dns.EndPoint.ToString()),
            ("MAILSUITE_Relay__Smarthost__Hosts", provider.EndPoint(EndpointKind.Submission).ToString()),
            ("MAILSUITE_Relay__Smarthost__UserName", "customer@provider.test"), ("MAILSUITE_Relay__Smarthost__Password", ProvidersPassword),
            ("MAILSUITE_Relay__Smarthost__Tls", "Encrypt"));
        await here.AddAccountAsync("ann@here.test", Password);

        var message = new MimeMessage([MailboxAddress.Parse("ann@here.test")], [MailboxAddress.Parse("bob@provider.test")], "By the provider", new TextPart("plain") { Text = "Hello." }) { MessageId = "one@here.test" };
        using var client = new SmtpClient();
        client.ServerCertificateValidationCallback = static (_, _, _, _) => true;
        await client.ConnectAsync("127.0.0.1", here.EndPoint(EndpointKind.SubmissionTls).Port, SecureSocketOptions.SslOnConnect, TestContext.Current.CancellationToken);
        await client.AuthenticateAsync("ann@here.test", Password, TestContext.Current.CancellationToken);
        await client.SendAsync(message, TestContext.Current.CancellationToken);
        await client.DisconnectAsync(quit: true, TestContext.Current.CancellationToken);

        var text = await ProgramUnderTest.TextOfAsync(await provider.MessageAsync("bob@provider.test", "By the provider"));
        Assert.Contains("by mx.provider.test with ESMTPSA", text, StringComparison.Ordinal);
        // The DNS knows none of these names, and was not asked for the recipient's.
        Assert.Equal(0, _dns.Queries);

        await Eventually.HoldsAsync(async () =>
        {
            var (_, told, _) = await RealPrograms.RunAsync(ChildProgram.File, ["trace", "one@here.test", "--verbose", "--data", here.DataDirectory]);
            Assert.DoesNotContain(ProvidersPassword, told, StringComparison.Ordinal);
            return told.Contains("Relay:Smarthost takes it: [127.0.0.1]:", StringComparison.Ordinal) && told.Contains("C: AUTH", StringComparison.Ordinal);
        }, "the journey to tell the smarthost and the signing in");
    }
}
