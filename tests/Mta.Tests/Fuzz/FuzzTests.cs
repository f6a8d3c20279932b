using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing.Fuzz;

namespace MailSuite.Mta.Tests.Fuzz;

/// <summary>Whatever comes: nothing throws, nothing hangs, nothing is logged as an error of ours, nothing is smuggled. Described in CONTRIBUTING.md.</summary>
public static class FuzzTargets
{
    internal static IReadOnlyList<FuzzTarget> Grammars { get; } = [.. GrammarTargets.All, .. LineTargets.All, .. ReplyTargets.All];

    internal static IReadOnlyList<FuzzTarget> Sessions { get; } =
    [
        new SessionTarget("session: connected", ""),
        new SessionTarget("session: ready", Corpus.Ehlo),
        new SessionTarget("session: MAIL was said", Corpus.Mail),
        new SessionTarget("session: in transaction", Corpus.Addressed),
        new SessionTarget("session: in DATA", Corpus.Addressed + "DATA\r\n"),
        new SessionTarget("session: in BDAT", Corpus.Addressed + "BDAT 40\r\nSubject: x\r\n"),
        new SessionTarget("session: between chunks", Corpus.Addressed + "BDAT 12\r\nSubject: x\r\n"),
        new SessionTarget("session: binary", Corpus.Ehlo + "MAIL FROM:<a@b.example> BODY=BINARYMIME\r\nRCPT TO:<bob@example.org>\r\n"),
        new SessionTarget("session: in AUTH", Corpus.Ehlo + "AUTH LOGIN\r\n", SmtpRole.Submission),
        new SessionTarget("session: signed in", Corpus.Ehlo + Corpus.SignIn, SmtpRole.Submission),
        new SessionTarget("session: stranger", "", isStranger: true),
        new SessionTarget("session: trusted proxy", Corpus.Ehlo + "XCLIENT LOGIN=alice@example.org ADDR=192.0.2.9\r\n", isTrusted: true),
        new SessionTarget("session: LMTP", "LHLO client.example.net\r\n", SmtpRole.Lmtp),
        new SessionTarget("session: LMTP to two", "LHLO client.example.net\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<alice@example.org>\r\nRCPT TO:<bob@example.org>\r\n", SmtpRole.Lmtp),
        new SessionTarget("session: after STARTTLS", Corpus.Ehlo + "STARTTLS\r\n", overTls: true),
    ];

    internal static async Task RunAsync(IReadOnlyList<FuzzTarget> targets, string name)
    {
        var result = await FuzzCampaign.RunAsync(targets, name, TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine(result.ToString());
        Assert.True(result.Findings.Count == 0, $"{result}\n{string.Join("\n\n", result.Findings)}");
    }
}

/// <summary>The grammars and the readers of lines.</summary>
public sealed class GrammarFuzzTests
{
    public static TheoryData<string> Targets => [.. FuzzTargets.Grammars.Select(target => target.Name)];

    [Theory, MemberData(nameof(Targets))]
    public Task Holds_for_whatever_comes(string target) => FuzzTargets.RunAsync(FuzzTargets.Grammars, target);
}

/// <summary>Whole sessions from each state.</summary>
public sealed class SessionFuzzTests
{
    public static TheoryData<string> Targets => [.. FuzzTargets.Sessions.Select(target => target.Name)];

    [Theory, MemberData(nameof(Targets))]
    public Task Holds_for_whatever_comes(string target) => FuzzTargets.RunAsync(FuzzTargets.Sessions, target);
}
