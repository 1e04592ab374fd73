using System.CommandLine;

namespace Gateway.Cli;

/// <summary><c>--config FILE</c>, which every command has.</summary>
public static class ConfigOption
{
    public static Option<string> Create() => new("--config", "-c")
    {
        Description = "The configuration; conf.d/*.yaml beside it is read as well.",
        HelpName = "FILE",
        DefaultValueFactory = _ => ConfigurationLoader.DefaultPath,
    };
}
