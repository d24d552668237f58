import type { Bilingual } from './language.ts';

/** What is known about an error code: whether a retry can help, and what to tell the reader. */
export type ErrorEntry = {
  readonly retryable: boolean;
  /** One sentence for the person in front of the page: what happened and what to do. */
  readonly advice: Bilingual;
};

const entry = (retryable: boolean, zh: string, en: string): ErrorEntry => ({
  retryable,
  advice: { zh, en },
});

/** Every error code of the appliance, `ROOM_WHAT`. */
export const ERROR_CATALOGUE = {
  HTTP_BODY_NOT_JSON: entry(
    false,
    '请求的格式不对，请检查 JSON 后重试。',
    'The request is not valid JSON. Correct it and send it again.',
  ),
  HTTP_BODY_TOO_LARGE: entry(
    false,
    '内容太长了，请缩短后再发。',
    'That is too long. Please shorten it and send it again.',
  ),
  HTTP_INPUT_INVALID: entry(
    false,
    '有一项内容填得不对，请改正后再试。',
    'One of the fields is not right. Please correct it and try again.',
  ),
  HTTP_NOT_FOUND: entry(false, '没有找到您要的内容。', 'There is nothing at this address.'),
  HTTP_METHOD_NOT_ALLOWED: entry(
    false,
    '这个地址不接受这种请求。',
    'This address does not accept that method.',
  ),
  HTTP_RATE_LIMITED: entry(
    true,
    '操作太快了，请稍等几秒再试。',
    'That was a little fast. Please wait a few seconds and try again.',
  ),
  HTTP_PORT_IN_USE: entry(
    false,
    '端口已被占用：停止占用它的程序，或在配置中换一个端口。',
    'The port is taken: stop the program that uses it, or set another port in the configuration.',
  ),
  TURN_TEXT_EMPTY: entry(
    false,
    '还没有收到您的问题，请说一说您想办什么。',
    'I did not get a question yet. Please tell me what you need.',
  ),
  TURN_TEXT_TOO_LONG: entry(
    false,
    '这段话太长了，请用一两句话说说最要紧的问题。',
    'That is a lot at once. Please put the main question into a sentence or two.',
  ),
  SESSION_UNKNOWN: entry(
    false,
    '这次服务已经结束，请重新开始。',
    'This visit has ended. Please start again.',
  ),
  SESSION_ENDED: entry(
    false,
    '这次服务已经结束，请重新开始。',
    'This visit has ended. Please start again.',
  ),
  SESSION_LIMIT: entry(
    true,
    '现在人有点多，请稍候再试，或到柜台找工作人员。',
    'It is busy just now. Please try again shortly, or ask at the counter.',
  ),
  FORM_UNKNOWN: entry(false, '没有找到这张表单。', 'There is no such form.'),
  FORM_INVALID: entry(
    false,
    '有几项还需要改一下，请看标出的地方。',
    'A few fields need another look. Please see the ones marked.',
  ),
  FORM_ALREADY_SUBMITTED: entry(
    false,
    '这张表单已经提交过了，不用再交一次。',
    'This form has already been submitted. There is no need to send it again.',
  ),
  DESK_ESCALATION_UNKNOWN: entry(false, '没有找到这条转接。', 'There is no such escalation.'),
  DESK_ALREADY_CLAIMED: entry(
    false,
    '同事已经接手了这位客户。',
    'A colleague is already looking after this customer.',
  ),
  DESK_LEASE_LOST: entry(
    false,
    '您对这位客户的接手已经到期，请重新接手。',
    'Your hold on this customer has run out. Claim it again to go on.',
  ),
  DESK_NOT_HOLDER: entry(false, '请先接手这位客户。', 'Claim this customer first.'),
  DESK_TICKET_UNKNOWN: entry(false, '没有找到这张工单。', 'There is no such ticket.'),
  TRUST_SIGN_IN_REFUSED: entry(
    false,
    '账号或密码不对，请再试一次。',
    'The name or the password is not right. Please try again.',
  ),
  TRUST_SIGN_IN_BUSY: entry(
    true,
    '登录的人太多，请稍等几秒。',
    'Too many people are signing in. Please wait a few seconds.',
  ),
  TRUST_NOT_SIGNED_IN: entry(false, '请先登录。', 'Please sign in first.'),
  TRUST_PASSWORD_MUST_CHANGE: entry(
    false,
    '第一次登录，请先设置自己的密码。',
    'This is your first sign-in. Please set a password of your own.',
  ),
  TRUST_PASSWORD_TOO_WEAK: entry(
    false,
    '密码至少 12 位，且不能与账号相同或过于常见。',
    'Use at least 12 characters, not your name and not a common password.',
  ),
  TRUST_FORBIDDEN: entry(
    false,
    '您的岗位不能做这项操作，请联系主管。',
    'Your role does not allow this. Please ask your supervisor.',
  ),
  TRUST_ACCOUNT_EXISTS: entry(false, '这个账号名已被使用。', 'That account name is taken.'),
  TRUST_ACCOUNT_UNKNOWN: entry(false, '没有这个账号。', 'There is no such account.'),
  CONFIG_INVALID: entry(
    false,
    '配置有误：请按列出的文件和行号修改。',
    'The configuration is wrong: correct the listed files and lines.',
  ),
  CONFIG_FILE_MISSING: entry(
    false,
    '缺少配置文件：请按给出的路径放好文件。',
    'A configuration file is missing: put it at the path given.',
  ),
  PACK_INVALID: entry(
    false,
    '知识包有误：请按列出的文件和行号修改。',
    'A pack is wrong: correct the listed files and lines.',
  ),
  COMMAND_USAGE: entry(
    false,
    '命令用法不对：加上 --help 查看说明。',
    'The command was not understood: add --help to see how it is used.',
  ),
  VAULT_KEY_UNREADABLE: entry(
    false,
    '无法读取主密钥：检查密钥文件的路径、权限（0600）和内容。',
    'The master key cannot be read: check the key file, its path, mode (0600) and content.',
  ),
  VAULT_KEY_WRONG: entry(
    false,
    '主密钥与本机数据不匹配：请使用安装时的密钥。',
    'The master key does not open the data of this box: use the key it was installed with.',
  ),
  VAULT_CORRUPT: entry(
    false,
    '数据有损坏：运行 zhanggui ledger verify 查看受影响的部分。',
    'Stored data is damaged: run "zhanggui ledger verify" to see which part.',
  ),
  VAULT_READ_ONLY: entry(
    true,
    '暂时无法保存，请到柜台办理，或稍后再试。',
    'Nothing can be stored just now. Please ask at the counter, or try again later.',
  ),
  VAULT_DISK_FULL: entry(
    true,
    '磁盘已满：清理空间后自动恢复。',
    'The disk is full: free some space and the box goes on by itself.',
  ),
  VAULT_BUSY: entry(
    true,
    '现在有点忙，请稍等几秒再试。',
    'It is busy just now. Please try again in a few seconds.',
  ),
  VAULT_LOCKED: entry(
    false,
    '数据目录正被另一个进程使用：先停止它。',
    'Another process uses the data folder: stop it first.',
  ),
  MODEL_MISSING: entry(
    false,
    '缺少模型文件：从安装包恢复 models/ 目录。',
    'A model file is missing: restore models/ from the installation bundle.',
  ),
  MODEL_HASH_MISMATCH: entry(
    false,
    '模型文件与清单不符：从安装包恢复 models/ 目录。',
    'A model file does not match its manifest: restore models/ from the installation bundle.',
  ),
  MODEL_OUTPUT_SHAPE: entry(
    false,
    '模型输出的形状不对：检查 config.json 与模型是否配套。',
    'The model answers with another shape: check that config.json belongs to the model.',
  ),
  MODEL_LOAD_FAILED: entry(
    false,
    '模型无法加载：检查模型文件。',
    'The model does not load: check its files.',
  ),
  MODEL_QUEUE_FULL: entry(
    true,
    '现在有点忙，请稍等几秒再问一次。',
    'It is busy just now. Please ask again in a few seconds.',
  ),
  MODEL_NOT_READY: entry(
    true,
    '本机问答暂不可用。',
    'Answering on the box is not available just now.',
  ),
  MODEL_TIMEOUT: entry(true, '回答超时。', 'The answer took too long.'),
  SYNC_HQ_UNREACHABLE: entry(
    true,
    '总部暂时连不上，数据已存好，稍后自动补传。',
    'Headquarters cannot be reached. Everything is kept and will be sent later.',
  ),
  SYNC_HQ_REFUSED: entry(
    false,
    '总部拒绝了本机：检查证书和登记信息。',
    'Headquarters refuses this box: check its certificate and enrolment.',
  ),
  SYNC_HQ_NOT_TRUSTED: entry(
    false,
    '对方不是本机登记的总部：检查地址，并向总部核对指纹。',
    'The server is not the headquarters this box enrolled with: check the address and compare fingerprints.',
  ),
  SYNC_HISTORY_FORKED: entry(
    false,
    '总部保存的记录与本机不一致：本机可能是旧备份或被克隆，请用恢复套件重新登记。',
    'Headquarters holds another history of this box: it may be an old backup or a clone. Enrol it again with the recovery kit.',
  ),
  TLS_CERTIFICATE_UNREADABLE: entry(
    false,
    '证书无法读取：从备份恢复，或移走文件后重新启动以生成新证书。',
    'A certificate cannot be read: restore it from a backup, or move it away and start again to have a new one made.',
  ),
  SYNC_RECEIPT_INVALID: entry(
    true,
    '总部回执无效：检查总部的公钥。',
    "The receipt of headquarters is not valid: check headquarters' public key.",
  ),
  SYNC_BATCH_INVALID: entry(
    false,
    '批次格式不对。',
    'The batch is not a valid CloudEvents batch of one lane.',
  ),
  SYNC_SEQUENCE_GAP: entry(
    false,
    '批次与上次不连续：从水位之后重新发送。',
    'The batch leaves a gap: send again from after the watermark.',
  ),
  SYNC_ENROLMENT_REFUSED: entry(
    false,
    '登记被拒绝：向总部索取新的一次性令牌。',
    'Enrolment was refused: ask headquarters for a new one-time token.',
  ),
  INTERNAL_UNEXPECTED: entry(
    true,
    '出了点问题，请再试一次，或到柜台找工作人员。',
    'Something went wrong. Please try again, or ask at the counter.',
  ),
} as const satisfies Record<string, ErrorEntry>;

/** A code of the catalogue. */
export type ErrorCode = keyof typeof ERROR_CATALOGUE;
