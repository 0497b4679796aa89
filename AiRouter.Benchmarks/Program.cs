using System.Reflection;
using AiRouter.Benchmarks.Bulkhead;
using AiRouter.Benchmarks.Comparison;
using AiRouter.Benchmarks.Demo;
using AiRouter.Benchmarks.Load.Grpc;
using AiRouter.Benchmarks.Load.Raw;
using AiRouter.Benchmarks.Soak;
using AiRouter.Benchmarks.Upstreams.Raw;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

switch (args)
{
    // Runs of whole processes: docs/benchmarks.md.
    case ["soak", .. var rest]:
        return await SoakCommand.RunAsync(rest);
    case ["demo", .. var rest]:
        return await DemoCommand.RunAsync(rest);
    case ["bulkhead", .. var rest]:
        return await BulkheadCommand.RunAsync(rest);

    case ["bench", .. var rest]:
        return await BenchCommand.RunAsync(rest);

    // The processes that a comparison is made of.
    case ["upstream", .. var rest]:
        return UpstreamCommand.Run(rest);
    case ["load", .. var rest]:
        return LoadCommand.Run(rest);
    case ["grpc-load", .. var rest]:
        return await GrpcLoadCommand.RunAsync(rest);
    default:
        // In this process: no project is generated and restored for each benchmark, so it runs on a curated package feed too. Twenty
        // iterations of a fifth of a second: on a busy machine BenchmarkDotNet would else go on for a minute with each.
        BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(args, DefaultConfig.Instance
            .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance)
                .WithIterationTime(TimeInterval.FromMilliseconds(200)).WithMaxIterationCount(20))
            .HideColumns(Column.Toolchain, Column.Job));
        return 0;
}
