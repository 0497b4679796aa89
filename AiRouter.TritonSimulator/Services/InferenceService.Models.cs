using System.Globalization;
using AiRouter.Triton.Contract;
using AiRouter.TritonSimulator.Repository;
using AiRouter.TritonSimulator.Tensors;
using Grpc.Core;

namespace AiRouter.TritonSimulator.Services;

internal sealed partial class InferenceService
{
    public override Task<ModelReadyResponse> ModelReady(ModelReadyRequest request, ServerCallContext context)
    {
        CheckRestriction(context);
        var (entry, error) = state.Repository.Find(request.Name, request.Version);
        if (error is { Code: StatusCode.InvalidArgument })
        {
            throw new RpcException(new Status(error.Code, error.Message));
        }

        return Task.FromResult(new ModelReadyResponse { Ready = entry is not null });
    }

    public override Task<ModelMetadataResponse> ModelMetadata(ModelMetadataRequest request, ServerCallContext context)
    {
        CheckRestriction(context);
        var config = Find(request.Name, request.Version).Model.Config;
        var response = new ModelMetadataResponse { Name = config.Name, Versions = { "1" }, Platform = config.Platform };
        if (response.Platform.Length == 0)
        {
            response.Platform = config.Backend;
        }

        foreach (var input in config.Input)
        {
            response.Inputs.Add(Tensor(config, input.Name, input.DataType, input.Dims));
        }

        foreach (var output in config.Output)
        {
            response.Outputs.Add(Tensor(config, output.Name, output.DataType, output.Dims));
        }

        return Task.FromResult(response);
    }

    public override Task<ModelConfigResponse> ModelConfig(ModelConfigRequest request, ServerCallContext context)
    {
        CheckRestriction(context);
        return Task.FromResult(new ModelConfigResponse
        {
            Config = Find(request.Name, request.Version).Model.Config,
        });
    }

    public override Task<ModelStatisticsResponse> ModelStatistics(
        ModelStatisticsRequest request, ServerCallContext context)
    {
        CheckRestriction(context);
        var response = new ModelStatisticsResponse();
        if (request.Name.Length > 0)
        {
            response.ModelStats.Add(Statistics(Find(request.Name, request.Version)));
            return Task.FromResult(response);
        }

        response.ModelStats.AddRange(state.Repository.Entries.Where(entry => entry.Loaded).Select(Statistics));
        return Task.FromResult(response);
    }

    private RepositoryEntry Find(string name, string version)
    {
        var (entry, error) = state.Repository.Find(name, version);
        return entry ?? throw new RpcException(new Status(error!.Code, error.Message));
    }

    private static ModelMetadataResponse.Types.TensorMetadata Tensor(
        ModelConfig config, string name, DataType type, IEnumerable<long> dims)
    {
        return new ModelMetadataResponse.Types.TensorMetadata
        {
            Name = name,
            Datatype = TensorTypes.ProtocolName(type),
            Shape = { config.MaxBatchSize > 0 ? dims.Prepend(-1) : dims },
        };
    }

    private static ModelStatistics Statistics(RepositoryEntry entry)
    {
        var counters = entry.Counters;
        var succeeded = (ulong)counters.Succeeded;
        return new ModelStatistics
        {
            Name = entry.Model.Config.Name,
            Version = 1.ToString(CultureInfo.InvariantCulture),
            InferenceCount = succeeded,
            ExecutionCount = succeeded,
            InferenceStats = new InferStatistics
            {
                Success = new StatisticDuration { Count = succeeded },
                Fail = new StatisticDuration { Count = (ulong)(counters.Failed + counters.Cancelled) },
            },
        };
    }
}
