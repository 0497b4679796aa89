using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace AiRouter.ServiceDefaults;

/// <summary>What every process writes to its console.</summary>
public static class ConsoleLogging
{
    // They log request lines with their query strings, and paths as they came, at levels that somebody may ask for: clients put keys
    // there (R39).
    private static readonly string[] _tellTales = ["Microsoft.AspNetCore.Hosting.Diagnostics", "Microsoft.AspNetCore.HttpLogging"];

    /// <summary>One line a record, which no value can break; <c>Logging__Console__FormatterName=json</c> makes it an object, and the
    /// framework's own forms can be chosen likewise. Of what the framework logs, warnings only.</summary>
    public static ILoggingBuilder AddLines(this ILoggingBuilder logging)
    {
        logging.Services.TryAddSingleton(TimeProvider.System);

        // The framework's, with its forms and settings, but for what writes.
        logging.AddConsole();
        var console = logging.Services.Single(s => s.ImplementationType == typeof(ConsoleLoggerProvider));
        logging.Services.Remove(console);
        logging.Services.AddSingleton<ILoggerProvider, LineLoggerProvider>();

        // The slim host has named its own already.
        logging.Services.AddOptions<ConsoleLoggerOptions>().PostConfigure<IConfiguration>(static (console, configuration) =>
            console.FormatterName = configuration["Logging:Console:FormatterName"] is { Length: > 0 } chosen ? chosen : LineFormatter.FormatterName);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);

        // A start that fails is told in one sentence by the process itself.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        foreach (var category in _tellTales)
        {
            logging.AddFilter(category, LogLevel.Warning);
        }

        return logging;
    }
}
