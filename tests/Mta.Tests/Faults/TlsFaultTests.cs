using System.Security.Cryptography.X509Certificates;
using MailSuite.Testing;
using MailSuite.Testing.Misbehaving;

namespace MailSuite.Mta.Tests.Faults;

/// <summary>TLS that fails at each step, and certificates that are wrong, where TLS is used when it can be (RFC 7435).</summary>
public sealed class TlsFaultTests
{
    private const string HostName = "mx127-0-0-1.there.test";

    public static TheoryData<string> Names => ServerFaults.NamesOf(Misbehaviours.AtTls);

    public static TheoryData<string, string> Certificates
    {
        get
        {
            var cases = new TheoryData<string, string>();
            using var any = SmtpPeerCertificate.SelfSigned(HostName);
            foreach (var one in Misbehaviours.OverTls(any))
                cases.Add(one.Name, "self-signed");
            cases.Add("has this certificate", "expired");
            cases.Add("has this certificate", "of another name");
            cases.Add("has this certificate", "not valid yet");
            return cases;
        }
    }

    [Theory, MemberData(nameof(Names))]
    public Task Goes_on_in_clear_or_waits_when_TLS_fails(string name) =>
        MisbehaviourScene.PlayAsync(ServerFaults.Named(Misbehaviours.AtTls, name), ServerFaults.OutcomeOf(name));

    [Theory, MemberData(nameof(Certificates))]
    public async Task Encrypts_whoever_signed_and_waits_when_the_session_breaks(string name, string kind)
    {
        using var certificate = Certificate(kind);
        await MisbehaviourScene.PlayAsync(ServerFaults.Named(Misbehaviours.OverTls(certificate), name), ServerFaults.OutcomeOf(name));
    }

    private static X509Certificate2 Certificate(string kind) => kind switch
    {
        "expired" => SmtpPeerCertificate.SelfSigned(HostName, validFor: TimeSpan.FromDays(-1)),
        "not valid yet" => SmtpPeerCertificate.SelfSigned(HostName, validFrom: TimeSpan.FromDays(1), validFor: TimeSpan.FromDays(2)),
        "of another name" => SmtpPeerCertificate.SelfSigned("elsewhere.test"),
        _ => SmtpPeerCertificate.SelfSigned(HostName),
    };
}
