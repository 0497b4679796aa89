using System.Runtime.CompilerServices;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Execution;

/// <summary>One rendering of a template.</summary>
internal sealed class Rendering : JinjaRun
{
    /// <summary>The type of the exception when a limit is reached.</summary>
    public const string LimitReached = "LimitReached";

    // Between two looks at the deadline: some tens of microseconds.
    private const long StepsAtOnce = 4096;

    private readonly JinjaOptions _options;
    private long _steps;
    private long _laterSteps;
    private long _size;
    private int _depth;
    private DateTimeOffset? _now;

    public Rendering(TemplateCode code, JinjaDict variables, PromptText text, JinjaOptions options)
    {
        _options = options;
        _laterSteps = options.Limits.Steps;
        _size = options.Limits.WorkingSize;
        Text = text;
        Globals = new JinjaValue[code.Globals.Length];
        for (var i = 0; i < Globals.Length; i++)
        {
            var name = code.Globals[i];
            if (!variables.TryGetValue(name, out Globals[i]))
            {
                Globals[i] = code.Functions[i];
            }
        }
    }

    /// <summary>Where text is written.</summary>
    public PromptText Text { get; }

    /// <summary>The values of <see cref="TemplateCode.Globals"/>.</summary>
    public JinjaValue[] Globals { get; }

    /// <summary>The offset in the source of what is evaluated, for error messages.</summary>
    public int At { get; set; }

    /// <inheritdoc/>
    public override DateTimeOffset Now => _now ??= _options.Now ?? _options.Clock.GetLocalNow();

    /// <inheritdoc/>
    public override Random Random => Random.Shared;

    /// <summary>What to throw when a limit is reached.</summary>
    public static JinjaValueException Exceeded(string what) => new(LimitReached, what);

    /// <inheritdoc/>
    public override void Spend(long steps)
    {
        _steps -= steps;
        if (_steps < 0)
        {
            TakeSteps();
        }
    }

    /// <inheritdoc/>
    public override void Reserve(long size)
    {
        _size -= size;
        if (_size < 0)
        {
            throw Exceeded($"more than {_options.Limits.WorkingSize} characters and items in use");
        }
    }

    /// <summary>Goes into a macro; <see cref="Leave"/> comes out.</summary>
    public void Enter()
    {
        if (++_depth > _options.Limits.Depth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw Exceeded($"macros or recursive loops are nested more than {_options.Limits.Depth} deep");
        }
    }

    /// <summary>Comes out of a macro.</summary>
    public void Leave() => _depth--;

    private void TakeSteps()
    {
        if (_options.Deadline.IsCancellationRequested)
        {
            throw Exceeded("it takes too long");
        }

        var taken = Math.Min(_laterSteps, Math.Max(StepsAtOnce, -_steps));
        _laterSteps -= taken;
        _steps += taken;
        if (_steps < 0)
        {
            throw Exceeded($"more than {_options.Limits.Steps} steps");
        }
    }
}
