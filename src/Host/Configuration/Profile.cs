namespace MailSuite.Host.Configuration;

/// <summary>What the program is run for; it decides defaults and what is allowed.</summary>
internal enum Profile
{
    /// <summary>Catches the mail of an application under development: loopback only, everyone is local, nothing leaves the machine.</summary>
    Development,

    /// <summary>A mail server on the Internet: configured domains, TLS and AUTH for submission, relaying for nobody else.</summary>
    Server,
}
