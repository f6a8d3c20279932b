using MailSuite.Mda.Pop3.Grammar;
using MailSuite.Testing.Fuzz;

namespace MailSuite.Mda.Tests.Pop3.Fuzz;

/// <summary>Whatever comes: nothing throws, nothing hangs, nothing is logged as an error of ours, and no message goes that QUIT has not removed. Described in CONTRIBUTING.md.</summary>
public sealed class Pop3FuzzTests
{
    private static readonly IReadOnlyList<FuzzTarget> All =
    [
        new FunctionTarget("POP3 command line", random => new Mutator(random).Text(Pop3Corpus.Dialogues, Pop3Corpus.Words), static input =>
        {
            var line = CommandLine.Split(input.Text);
            _ = CommandLine.HasControls(input.Text);
            if (MessageNumber.TryParse(line.Arguments, out var number))
                FuzzException.Unless(number.Value > 0, "a number of no message", input.ToString());
            if (MessageNumber.TryParseTop(line.Arguments, out number, out var lines))
                FuzzException.Unless(number.Value > 0 && lines >= 0, "a top of no message", input.ToString());
        }),
        new Pop3SessionTarget("POP3 session: connected", ""),
        new Pop3SessionTarget("POP3 session: named", "USER alice@example.org\r\n"),
        new Pop3SessionTarget("POP3 session: in AUTH", "AUTH LOGIN\r\n"),
        new Pop3SessionTarget("POP3 session: signed in", Pop3Corpus.SignIn),
        new Pop3SessionTarget("POP3 session: one deleted", Pop3Corpus.SignIn + "DELE 2\r\n"),
    ];

    public static TheoryData<string> Targets => [.. All.Select(target => target.Name)];

    [Theory, MemberData(nameof(Targets))]
    public async Task Holds_for_whatever_comes(string target)
    {
        var result = await FuzzCampaign.RunAsync(All, target, TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine(result.ToString());
        Assert.True(result.Findings.Count == 0, $"{result}\n{string.Join("\n\n", result.Findings)}");
    }
}
