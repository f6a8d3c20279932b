namespace MailSuite.Shared.Contracts.Mua;

/// <summary>Whether there is a program that the commands can talk to. The Host finds it, the commands of Mua ask it.</summary>
public abstract record RunningProgram
{
    private RunningProgram()
    {
    }

    /// <summary>It runs.</summary>
    /// <param name="Api">Its base address is where the program answers, and it shows the token of <see cref="MuaOptions.LocalToken"/> with every request. The caller disposes it.</param>
    public sealed record Found(HttpClient Api) : RunningProgram;

    /// <summary>There is none; the reason says where was looked and how to start one.</summary>
    public sealed record NotFound(string Reason) : RunningProgram;
}
