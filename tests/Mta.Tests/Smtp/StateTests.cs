using MailSuite.Mta.Smtp;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>Which command is allowed in which state.</summary>
public sealed class StateTests
{
    private static readonly Dictionary<SmtpStates, string> Ways = new()
    {
        [SmtpStates.Connected] = "S: 220 *\n",
        [SmtpStates.Ready] = SmtpScene.Hello,
        [SmtpStates.InTransaction] = SmtpScene.Addressed,
        [SmtpStates.InChunks] = SmtpScene.Addressed + "C: BDAT 0\nS: 250 2.0.0 *\n",
    };

    public static IEnumerable<TheoryDataRow<string, int>> Disallowed()
    {
        using var scene = new Disposing(new SmtpScene());
        return
        [
            .. from command in scene.Value.Commands
               from state in Ways.Keys
               where (command.AllowedIn & state) == SmtpStates.None
               select new TheoryDataRow<string, int>(command.Verb, (int)state),
        ];
    }

    [Catalogue("503")]
    [Theory, MemberData(nameof(Disallowed))]
    public Task Answers_503_where_a_command_is_not_allowed(string verb, int state) => SmtpScene.PlayAsync(Chunking.WholeTurn, Ways[(SmtpStates)state] + $"""
        C: {verb}
        S: 503 5.5.1 *
        C: NOOP
        S: 250 *
        """);

    /// <summary>RFC 5321 §4.1.4; RFC 3207 §4; RFC 4954 §4.</summary>
    [Fact]
    public async Task Allows_commands_where_the_RFCs_do()
    {
        await using var scene = new SmtpScene();
        var allowed = scene.Commands.ToDictionary(command => command.Verb, command => command.AllowedIn);
        Assert.Equal(
            new Dictionary<string, SmtpStates>
            {
                ["EHLO"] = SmtpStates.Any,
                ["HELO"] = SmtpStates.Any,
                ["LHLO"] = SmtpStates.Any,
                ["STARTTLS"] = SmtpStates.Ready,
                ["AUTH"] = SmtpStates.Ready,
                ["MAIL"] = SmtpStates.Ready,
                ["SEND"] = SmtpStates.Ready,
                ["SOML"] = SmtpStates.Ready,
                ["SAML"] = SmtpStates.Ready,
                ["RCPT"] = SmtpStates.InTransaction,
                ["DATA"] = SmtpStates.InTransaction,
                ["BDAT"] = SmtpStates.Any,
                ["XCLIENT"] = SmtpStates.Connected | SmtpStates.Ready,
                ["XFORWARD"] = SmtpStates.Connected | SmtpStates.Ready,
                ["RSET"] = SmtpStates.Any,
                ["NOOP"] = SmtpStates.Any,
                ["VRFY"] = SmtpStates.Any,
                ["EXPN"] = SmtpStates.Any,
                ["ETRN"] = SmtpStates.Ready,
                ["ATRN"] = SmtpStates.Ready,
                ["TURN"] = SmtpStates.Ready,
                ["QUIT"] = SmtpStates.Any,
                ["HELP"] = SmtpStates.Any,
            },
            allowed);
    }

    private readonly struct Disposing(SmtpScene scene) : IDisposable
    {
        public SmtpScene Value => scene;

        public void Dispose() => scene.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
