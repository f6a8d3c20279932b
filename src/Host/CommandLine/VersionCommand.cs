using System.CommandLine;
using System.Runtime.InteropServices;
using MailSuite.Host.Running;

namespace MailSuite.Host.CommandLine;

/// <summary><c>mailsuite version</c>.</summary>
internal static class VersionCommand
{
    public static Command Create()
    {
        var command = new Command("version", "Say which version this is and what it runs on");
        command.SetAction(parsed =>
        {
            parsed.InvocationConfiguration.Output.WriteLine($"MailSuite {MailSuiteProgram.Version} ({RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier})");
            return ExitCodes.Ok;
        });
        return command;
    }
}
