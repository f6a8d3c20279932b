using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace MailSuite.Host.CommandLine;

/// <summary>The usual help, and for some commands lines to copy below it.</summary>
internal sealed class HelpWithExamples(HelpAction help, Func<Command, string?> examplesOf) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        var result = help.Invoke(parseResult);
        if (examplesOf(parseResult.CommandResult.Command) is { } examples)
            parseResult.InvocationConfiguration.Output.WriteLine(examples);
        return result;
    }
}
