using MailSuite.Mua.Cli.Sendmail;
using MailSuite.Shared.Contracts.Mua;

namespace MailSuite.Mua;

public static partial class MuaModule
{
    /// <summary>The command <c>sendmail</c>, which needs none of the services of a program and starts without them.</summary>
    /// <param name="name">By what name it was called: <c>sendmail</c>, <c>mailq</c>, <c>newaliases</c>.</param>
    /// <param name="locate">Finds the program that is meant.</param>
    /// <returns>The exit code, one of <c>sysexits.h</c>.</returns>
    public static Task<int> SendmailAsync(
        string name, IReadOnlyList<string> arguments, Func<LocalProgramChoice, ILocalProgram> locate, Stream input, TextWriter output, TextWriter error,
        TimeProvider clock, CancellationToken cancellationToken) => SendmailProgram.RunAsync(name, arguments, locate, input, output, error, clock, cancellationToken);
}
