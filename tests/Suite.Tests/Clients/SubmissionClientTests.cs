using System.Net;
using MailKit.Net.Smtp;
using MailKit.Security;
using MailSuite.Host.Configuration;
using MailSuite.Suite.Tests.Support;
using MailSuite.Testing;
using MimeKit;

namespace MailSuite.Suite.Tests.Clients;

/// <summary>Programs that are not ours submit to the server profile, each by every mechanism of AUTH and every way to TLS that it knows.</summary>
public sealed class SubmissionClientTests
{
    private const string Ann = "ann@example.org";
    private const string Password = "correct horse battery";

    /// <summary>How a client comes to TLS.</summary>
    public enum Way
    {
        StartTls,
        Implicit,
        Clear,
    }

    public static TheoryData<string, Way> PlainAndLogin => Ways("PLAIN", "LOGIN");

    public static TheoryData<string, Way> PlainLoginAndScram => Ways("PLAIN", "LOGIN", "SCRAM-SHA-256");

    public static TheoryData<string, Way> All
    {
        get
        {
            var all = Ways("PLAIN", "LOGIN", "SCRAM-SHA-256");
            all.Add("SCRAM-SHA-256-PLUS", Way.StartTls);
            all.Add("SCRAM-SHA-256-PLUS", Way.Implicit);
            return all;
        }
    }

    [Theory, MemberData(nameof(All))]
    public async Task MailKit_submits(string mechanism, Way way)
    {
        await using var suite = await StartAsync(mechanism);
        using var client = new SmtpClient { ServerCertificateValidationCallback = static (_, _, _, _) => true };
        var endPoint = EndPoint(suite, way);
        await client.ConnectAsync("127.0.0.1", endPoint.Port, way switch
        {
            Way.StartTls => SecureSocketOptions.StartTls,
            Way.Implicit => SecureSocketOptions.SslOnConnect,
            _ => SecureSocketOptions.None,
        }, TestContext.Current.CancellationToken);
        SaslMechanism sasl = mechanism switch
        {
            "PLAIN" => new SaslMechanismPlain(Ann, Password),
            "LOGIN" => new SaslMechanismLogin(Ann, Password),
            "SCRAM-SHA-256" => new SaslMechanismScramSha256(Ann, Password),
            _ => new SaslMechanismScramSha256Plus(Ann, Password),
        };
        await client.AuthenticateAsync(sasl, TestContext.Current.CancellationToken);
        var message = new MimeMessage([MailboxAddress.Parse(Ann)], [MailboxAddress.Parse(Ann)], mechanism, new TextPart("plain") { Text = "Hello." });
        await client.SendAsync(message, TestContext.Current.CancellationToken);
        await client.DisconnectAsync(quit: true, TestContext.Current.CancellationToken);
        await ArrivedAsync(suite, mechanism, way);
    }

    [Theory, MemberData(nameof(PlainAndLogin))]
    public async Task Swaks_submits(string mechanism, Way way)
    {
        var swaks = RealPrograms.Find("swaks");
        await using var suite = await StartAsync(mechanism);
        string[] tls = way switch { Way.StartTls => ["--tls"], Way.Implicit => ["--tls-on-connect"], _ => [] };
        await RunAsync(swaks,
        [
            "--server", EndPoint(suite, way).ToString(), "--from", Ann, "--to", Ann, "--header", $"Subject: {mechanism}", "--body", "Hello.",
            "--auth", mechanism, "--auth-user", Ann, "--auth-password", Password, .. tls,
        ]);
        await ArrivedAsync(suite, mechanism, way);
    }

    [Theory, MemberData(nameof(PlainAndLogin))]
    public async Task Curl_submits(string mechanism, Way way)
    {
        var curl = RealPrograms.Find("curl");
        await using var suite = await StartAsync(mechanism);
        string[] tls = way == Way.StartTls ? ["--ssl-reqd"] : [];
        await RunAsync(curl,
        [
            "--silent", "--show-error", "--insecure", "--url", $"{(way == Way.Implicit ? "smtps" : "smtp")}://{EndPoint(suite, way)}", "--user", $"{Ann}:{Password}",
            "--login-options", $"AUTH={mechanism}", "--mail-from", Ann, "--mail-rcpt", Ann, "--upload-file", "-", .. tls,
        ], Message(mechanism));
        await ArrivedAsync(suite, mechanism, way);
    }

    [Theory, MemberData(nameof(PlainLoginAndScram))]
    public async Task Msmtp_submits(string mechanism, Way way)
    {
        var msmtp = RealPrograms.Find("msmtp");
        await using var suite = await StartAsync(mechanism);
        var endPoint = EndPoint(suite, way);
        using var folder = new TempDirectory();
        var file = Path.Combine(folder.Path, "msmtprc");
        await File.WriteAllTextAsync(file, $"""
            defaults
            host {endPoint.Address}
            port {endPoint.Port}
            from {Ann}
            user {Ann}
            password "{Password}"
            auth {mechanism.ToLowerInvariant()}
            tls {(way == Way.Clear ? "off" : "on")}
            tls_starttls {(way == Way.StartTls ? "on" : "off")}
            tls_certcheck off
            account default

            """, TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await RunAsync(msmtp, ["--file", file, "--", Ann], Message(mechanism));
        await ArrivedAsync(suite, mechanism, way);
    }

    [Theory, MemberData(nameof(PlainAndLogin))]
    public async Task S_nail_submits(string mechanism, Way way)
    {
        var nail = RealPrograms.Find("s-nail");
        await using var suite = await StartAsync(mechanism);
        string[] tls = way == Way.StartTls ? ["-Ssmtp-use-starttls"] : [];
        await RunAsync(nail,
        [
            "-:/", "-Sv15-compat", "-Stls-verify=ignore", "-Sttycharset=utf-8", "-S", $"from={Ann}", "-S", $"smtp-auth={mechanism.ToLowerInvariant()}",
            "-S", $"mta={(way == Way.Implicit ? "smtps" : "smtp")}://{Uri.EscapeDataString(Ann)}:{Uri.EscapeDataString(Password)}@{EndPoint(suite, way)}", .. tls,
            "-s", mechanism, Ann,
        ], "Hello.\n");
        await ArrivedAsync(suite, mechanism, way);
    }

    [Theory, MemberData(nameof(PlainAndLogin))]
    public async Task Pythons_smtplib_submits(string mechanism, Way way)
    {
        const string Program = """
            import smtplib, ssl, sys
            host, port, way, mechanism, user, password = sys.argv[1:]
            unchecked = ssl._create_unverified_context()
            client = smtplib.SMTP_SSL(host, int(port), context=unchecked) if way == "Implicit" else smtplib.SMTP(host, int(port))
            client.ehlo()
            if way == "StartTls":
                client.starttls(context=unchecked)
                client.ehlo()
            client.user, client.password = user, password
            client.auth(mechanism, getattr(client, "auth_" + mechanism.lower()))
            client.sendmail(user, [user], sys.stdin.read())
            client.quit()
            """;
        var python = RealPrograms.Find("python3");
        await using var suite = await StartAsync(mechanism);
        var endPoint = EndPoint(suite, way);
        await RunAsync(python, ["-c", Program, $"{endPoint.Address}", $"{endPoint.Port}", $"{way}", mechanism, Ann, Password], Message(mechanism));
        await ArrivedAsync(suite, mechanism, way);
    }

    [Theory, MemberData(nameof(PlainLoginAndScram))]
    public async Task Postfix_submits(string mechanism, Way way)
    {
        RealPrograms.Find("postfix");
        await using var suite = await StartAsync(mechanism);
        var endPoint = EndPoint(suite, way);
        await using var postfix = await PostfixClient.StartAsync(
            $"relayhost = [{endPoint.Address}]:{endPoint.Port}",
            "smtp_sasl_auth_enable = yes",
            $"smtp_sasl_password_maps = static:{{{Ann}:{Password}}}",
            "smtp_sasl_security_options =",
            $"smtp_sasl_mechanism_filter = {mechanism}",
            $"smtp_tls_security_level = {(way == Way.Clear ? "none" : "encrypt")}",
            $"smtp_tls_wrappermode = {(way == Way.Implicit ? "yes" : "no")}");
        await postfix.SendAsync(Ann, Ann, Message(mechanism).ReplaceLineEndings("\n"));
        await ArrivedAsync(suite, mechanism, way);
    }

    [Fact]
    public async Task OpenSSL_exports_what_tls_exporter_binds_to()
    {
        var openssl = RealPrograms.Find("openssl");
        await using var suite = await StartAsync("SCRAM-SHA-256-PLUS");
        using var client = await OpenSslTalk.ConnectAsync(openssl, EndPoint(suite, Way.StartTls));
        await client.SayAsync("EHLO client.example.org");
        var scram = new ScramClient(Ann, Password, "p=tls-exporter,,", client.KeyingMaterial);
        var challenge = await client.SayAsync($"AUTH SCRAM-SHA-256-PLUS {scram.First()}");
        Assert.StartsWith("334 ", challenge, StringComparison.Ordinal);
        Assert.True(scram.Believes((await client.SayAsync(scram.Final(challenge[4..])))[4..]));
        Assert.StartsWith("235 2.7.0", await client.SayAsync(""), StringComparison.Ordinal);
    }

    private static TheoryData<string, Way> Ways(params string[] mechanisms)
    {
        var ways = new TheoryData<string, Way>();
        foreach (var mechanism in mechanisms)
        {
            foreach (var way in Enum.GetValues<Way>())
                ways.Add(mechanism, way);
        }

        return ways;
    }

    /// <summary>A server that allows this mechanism only, so that it is the one that was used.</summary>
    private static async Task<ProgramUnderTest> StartAsync(string mechanism)
    {
        var suite = await ProgramUnderTest.ServerAsync("example.org", ("MAILSUITE_Mta__AuthenticationMechanisms", mechanism), ("MAILSUITE_Mta__AllowPlaintextAuthentication", "true"));
        await suite.AddAccountAsync(Ann, Password);
        return suite;
    }

    private static IPEndPoint EndPoint(ProgramUnderTest suite, Way way) => suite.EndPoint(way == Way.Implicit ? EndpointKind.SubmissionTls : EndpointKind.Submission);

    private static string Message(string subject) => $"From: {Ann}\r\nTo: {Ann}\r\nSubject: {subject}\r\n\r\nHello.\r\n";

    private static async Task RunAsync(string program, IReadOnlyList<string> arguments, string? input = null)
    {
        var (code, output, error) = await RealPrograms.RunAsync(program, arguments, input, new Dictionary<string, string>(StringComparer.Ordinal) { ["MAILRC"] = "/dev/null" });
        if ((output + error).Contains("TLS not available", StringComparison.Ordinal))
            RealPrograms.Missing($"This {Path.GetFileName(program)} cannot speak TLS.");
        Assert.True(code == 0, output + error);
    }

    private static async Task ArrivedAsync(ProgramUnderTest suite, string subject, Way way)
    {
        var text = await ProgramUnderTest.TextOfAsync(await suite.MessageAsync(Ann, subject));
        Assert.Contains(way == Way.Clear ? "with ESMTPA id" : "with ESMTPSA (TLS 1.", text, StringComparison.Ordinal);
    }
}
