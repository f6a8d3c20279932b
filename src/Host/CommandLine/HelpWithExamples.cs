using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace MailSuite.Host.CommandLine;

/// <summary>The usual help, and for one command some lines to copy below it.</summary>
internal sealed class HelpWithExamples(HelpAction help, Command command, string examples) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        var result = help.Invoke(parseResult);
        if (parseResult.CommandResult.Command == command)
            parseResult.InvocationConfiguration.Output.WriteLine(examples);
        return result;
    }
}
