'use strict';
(() => {
  const TEXTS = {
    en: {
      skip: 'Skip to the player', language: 'Language', theme: 'Light / dark', player: 'What lies where, step by step',
      playerHint: 'Every square is a piece of the driver\'s storage. Play it, and watch what a delete leaves behind.',
      play: 'Play', pause: 'Pause', previous: 'Back', next: 'Next', speed: 'Speed', colours: 'Colours', byUse: 'by use', byOwner: 'by layer',
      charts: 'Curves', chartsHint: 'Move over a curve to read it, drag to zoom in, double-click to zoom out.', summary: 'Summary', copy: 'Copy the table', copied: 'Copied',
      steps: 'Steps', stepsHint: 'Every step and what each driver holds after it', hosts: 'Hosts and options', step: 'step', command: 'command', of: 'of',
      live: 'live, of one layer or container', shared: 'live, shared by several', held: 'dead: nobody needs it, but the sparse file still holds it', other: 'Docker\'s own files', free: 'free',
      cell: 'a square is', noMaps: 'This run has no block maps.', seed: 'seed', interrupted: 'This run was interrupted; it shows what was measured so far.', was: 'was', position: 'step of the player',
      allocated: 'Growth: what the storage holds of the disk', reclaim: 'Reclaim: given back by deletes so far', removed: 'removed in Docker', throughput: 'Throughput: content written per second worked, so far',
      amplification: 'Amplification: bytes on the disk per byte of content, so far', memory: 'Memory: page cache that the files fill', inodes: 'Inodes used on the host\'s file system',
      metadata: 'Pool metadata in use', liveData: 'live data', defaults: 'default options', error: 'failed', unknownHost: 'not recorded', shown: 'shown'
    },
    zh: {
      skip: '跳到播放器', language: '语言', theme: '浅色 / 深色', player: '逐步查看：每个块里是什么',
      playerHint: '每个小方块是存储驱动的一块空间。点击播放，看看删除之后留下了什么。',
      play: '播放', pause: '暂停', previous: '上一步', next: '下一步', speed: '速度', colours: '着色', byUse: '按用途', byOwner: '按镜像层',
      charts: '曲线', chartsHint: '把鼠标移到曲线上读数，拖动放大，双击还原。', summary: '汇总', copy: '复制表格', copied: '已复制',
      steps: '步骤', stepsHint: '每一步以及之后各驱动占用的空间', hosts: '主机与选项', step: '步骤', command: '命令', of: '/',
      live: '存活：只属于一个层或容器', shared: '存活：被多个层共享', held: '已死：没有人需要，但稀疏文件仍占着磁盘', other: 'Docker 自己的文件', free: '空闲',
      cell: '每个方块', noMaps: '这次运行没有块分布图。', seed: '随机种子', interrupted: '这次运行被中断，以下是到中断为止的测量。', was: '原属于', position: '播放位置',
      allocated: '增长：存储占用的磁盘空间', reclaim: '回收：到目前为止删除操作归还的空间', removed: 'Docker 中已删除', throughput: '吞吐：平均每秒写入的内容（累计）',
      amplification: '写放大：每写 1 字节内容，磁盘写入的字节数（累计）', memory: '内存：文件占用的页缓存', inodes: '主机文件系统已用 inode',
      metadata: '存储池元数据用量', liveData: '存活数据', defaults: '默认选项', error: '失败', unknownHost: '未记录', shown: '显示'
    }
  };
  const METRICS_ZH = {
    'peak allocated': '峰值占用', 'final allocated': '最终占用', 'peak live': '存活数据峰值', 'final live': '最终存活数据', 'not given back': '未归还', 'content written': '写入的内容',
    'written to disk': '写到磁盘', 'amplification': '写放大', 'pool metadata': '池元数据', 'peak inodes': 'inode 峰值', 'final inodes': '最终 inode', 'throughput': '吞吐',
    'time worked': '工作时间', 'slowest step': '最慢的步骤', 'steps': '步数', 'refused': '被拒绝', 'failed': '失败'
  };
  const USES = ['free', 'held', 'live', 'shared', 'other'];
  const CELLS_MAX = 100000;
  const data = JSON.parse(document.getElementById('data').textContent);
  const $ = id => document.getElementById(id);
  const hidden = new Set();
  let language = (navigator.language || 'en').startsWith('zh') ? 'zh' : 'en';
  let theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  const text = key => TEXTS[language][key];
  const element = (name, content, className) => {
    const made = document.createElement(name);
    if (content !== undefined) made.textContent = content;
    if (className) made.className = className;
    return made;
  };
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();

  function bytes(value) {
    if (value === null || value === undefined) return '–';
    const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
    let amount = Math.abs(value), unit = 0;
    while (amount >= 999.5 && unit < units.length - 1) { amount /= 1024; unit++; }
    const digits = unit === 0 || amount >= 99.95 ? 0 : amount >= 9.995 ? 1 : 2;
    return (value < 0 ? '-' : '') + amount.toFixed(digits) + ' ' + units[unit];
  }
  const number = value => value === null || value === undefined ? '–' : value.toLocaleString('en-US', { maximumFractionDigits: 2 });

  /** A curve's colour: those of the plots are made for white paper. */
  function ink(hex) {
    if (theme !== 'dark') return hex;
    const value = parseInt(hex.slice(1, 7), 16);
    return '#' + [16, 8, 0].map(shift => Math.round((value >> shift & 255) * 0.55 + 255 * 0.45).toString(16).padStart(2, '0')).join('');
  }

  // ---- the block maps -------------------------------------------------------------------------------------------------------------

  /** One driver's storage: cells that were ever used stand side by side, so that 200 GiB of nothing take no room. */
  class BlockMap {
    constructor(source) {
      this.source = source;
      const ranges = [];
      for (const frame of source.frames) this.visit(frame, (start, count, use) => { if (use !== 0) ranges.push([start, start + count]); });
      ranges.sort((a, b) => a[0] - b[0]);
      this.ranges = [];
      for (const [start, end] of ranges) {
        const last = this.ranges[this.ranges.length - 1];
        if (last && start <= last.end) last.end = Math.max(last.end, end);
        else this.ranges.push({ start, end, index: 0 });
      }
      let total = 0;
      for (const range of this.ranges) { range.index = total; total += range.end - range.start; }
      this.count = total;
      this.perPixel = Math.max(1, Math.ceil(total / CELLS_MAX));
      this.pixels = Math.max(1, Math.ceil(total / this.perPixel));
      this.uses = new Uint8Array(total);
      this.owners = new Uint32Array(total);
      this.amounts = new Float64Array(USES.length);
      this.frame = -1;
    }
    visit(frame, each) {
      const changes = frame.changes;
      for (let at = 0, index = 0; index < changes.length; index += 4) {
        at += changes[index];
        each(at, changes[index + 1], changes[index + 2], changes[index + 3]);
        at += changes[index + 1];
      }
    }
    indexOf(cell) {
      let low = 0, high = this.ranges.length - 1;
      while (low < high) { const middle = (low + high + 1) >> 1; if (this.ranges[middle].start <= cell) low = middle; else high = middle - 1; }
      return this.ranges[low].index + cell - this.ranges[low].start;
    }
    cellOf(index) {
      let low = 0, high = this.ranges.length - 1;
      while (low < high) { const middle = (low + high + 1) >> 1; if (this.ranges[middle].index <= index) low = middle; else high = middle - 1; }
      return this.ranges[low].start + index - this.ranges[low].index;
    }
    frameOf(step) {
      let found = 0;
      while (found + 1 < this.source.frames.length && this.source.frames[found + 1].step <= step) found++;
      return found;
    }
    show(step) {
      const target = this.frameOf(step);
      if (target < this.frame) { this.uses.fill(0); this.owners.fill(0); this.amounts.fill(0); this.frame = -1; }
      for (; this.frame < target; this.frame++) this.visit(this.source.frames[this.frame + 1], (start, count, use, owner) => this.set(start, count, use, owner));
    }
    set(start, count, use, owner) {
      for (let cell = start, end = start + count; cell < end;) {
        // What is freed may reach over cells that were never used between two ranges.
        const range = this.rangeAt(cell);
        if (!range) return;
        const from = Math.max(cell, range.start), to = Math.min(end, range.end);
        if (from >= to) return;
        const first = range.index + from - range.start;
        for (let index = first; index < first + to - from; index++) {
          this.amounts[this.uses[index]]--;
          this.uses[index] = use;
          this.amounts[use]++;
          if (use !== 0) this.owners[index] = owner;
        }
        cell = to;
      }
    }
    rangeAt(cell) {
      let low = 0, high = this.ranges.length;
      while (low < high) { const middle = (low + high) >> 1; if (this.ranges[middle].end <= cell) low = middle + 1; else high = middle; }
      return this.ranges[low];
    }
    /** The cell that stands for a pixel: of several the one that should be seen. */
    cellAt(pixel) {
      let best = pixel * this.perPixel;
      for (let index = best + 1; index < Math.min((pixel + 1) * this.perPixel, this.count); index++) {
        if (this.uses[best] === 0 || (this.uses[index] === 1 && this.uses[best] !== 1)) best = index;
      }
      return best;
    }
  }

  class MapView {
    constructor(source) {
      this.map = new BlockMap(source);
      this.panel = element('div', undefined, 'map');
      this.panel.append(element('h3', source.variant));
      this.where = element('p');
      this.canvas = element('canvas');
      this.canvas.setAttribute('role', 'img');
      this.canvas.tabIndex = 0;
      this.amounts = element('div', undefined, 'amounts');
      this.panel.append(this.where, this.canvas, this.amounts);
      this.canvas.addEventListener('mousemove', event => this.hover(event));
      this.canvas.addEventListener('mouseleave', () => { $('tip').hidden = true; });
    }
    layOut() {
      const width = Math.max(200, this.panel.clientWidth - 30);
      const size = Math.max(2, Math.min(12, Math.floor(Math.sqrt(width * 260 / this.map.pixels))));
      this.columns = Math.max(1, Math.floor(width / size));
      this.rows = Math.ceil(this.map.pixels / this.columns);
      this.canvas.width = this.columns;
      this.canvas.height = this.rows;
      this.canvas.style.height = this.rows * size + 'px';
      this.context = this.canvas.getContext('2d');
      this.image = this.context.createImageData(this.columns, this.rows);
      this.pixels = new Uint32Array(this.image.data.buffer);
      this.palette = USES.map(use => packed(colour(use)));
    }
    draw(step) {
      this.map.show(step);
      const byOwner = $('colours').value === 'owner', map = this.map;
      for (let pixel = 0; pixel < map.pixels; pixel++) {
        const cell = map.perPixel === 1 ? pixel : map.cellAt(pixel);
        const use = map.uses[cell];
        this.pixels[pixel] = byOwner && (use === 2 || use === 3) ? ownerColour(map.owners[cell]) : this.palette[use];
      }
      this.context.putImageData(this.image, 0, 0);
      this.where.textContent = `${map.source.title}, ${bytes(map.source.total_bytes)}; ${text('cell')} ${bytes(map.source.cell_bytes * map.perPixel)}`;
      this.amounts.replaceChildren(...[2, 3, 1, 4].filter(use => map.amounts[use] > 0).map(use => {
        const item = element('span'), mark = element('i');
        mark.style.background = `var(--${USES[use]})`;
        item.append(mark, `${text(USES[use])}: ${bytes(map.amounts[use] * map.source.cell_bytes)}`);
        return item;
      }));
      this.canvas.setAttribute('aria-label', `${map.source.variant}: ${this.amounts.textContent}`);
    }
    hover(event) {
      const box = this.canvas.getBoundingClientRect();
      const pixel = Math.floor((event.clientY - box.top) / box.height * this.rows) * this.columns + Math.floor((event.clientX - box.left) / box.width * this.columns);
      const tip = $('tip');
      if (pixel < 0 || pixel >= this.map.pixels || this.map.count === 0) { tip.hidden = true; return; }
      const cell = this.map.cellAt(pixel), use = this.map.uses[cell], owner = this.map.source.owners[this.map.owners[cell]];
      const who = use === 0 ? '' : use === 1 ? ` (${text('was')} ${owner})` : `: ${owner}`;
      tip.textContent = `${bytes(this.map.cellOf(cell) * this.map.source.cell_bytes)}: ${text(USES[use])}${who}`;
      tip.hidden = false;
      tip.style.left = Math.min(event.clientX + 14, innerWidth - 330) + 'px';
      tip.style.top = Math.min(event.clientY + 14, innerHeight - 60) + 'px';
    }
  }

  function packed(hex) {
    const value = parseInt(hex.slice(1), 16);
    return (255 << 24 | (value & 255) << 16 | (value >> 8 & 255) << 8 | value >> 16) >>> 0;
  }
  const ownerColours = new Map();
  function ownerColour(owner) {
    if (!ownerColours.has(owner)) {
      // The golden angle keeps neighbours apart.
      const hue = owner * 137.508 % 360, light = theme === 'dark' ? 0.62 : 0.48;
      const channel = shift => { const k = (shift + hue / 30) % 12; return Math.round(255 * (light - 0.55 * Math.min(light, 1 - light) * Math.max(-1, Math.min(k - 3, 9 - k, 1)))); };
      ownerColours.set(owner, (255 << 24 | channel(4) << 16 | channel(8) << 8 | channel(0)) >>> 0);
    }
    return ownerColours.get(owner);
  }

  // ---- the player -----------------------------------------------------------------------------------------------------------------

  const views = data.maps.map(source => new MapView(source));
  const stops = [...new Set(data.maps.length ? data.maps.flatMap(map => map.frames.map(frame => frame.step)) : data.variants.flatMap(variant => variant.step))].sort((a, b) => a - b);
  let timer = 0, last = 0;

  function show() {
    const step = stops[$('position').valueAsNumber] ?? 0;
    const status = $('status'), lines = [];
    const command = data.variants.map(variant => commandAt(variant, step)).find(found => found) ?? '';
    lines.push(element('div', `${text('step')} ${step} ${text('of')} ${stops[stops.length - 1] ?? 0}: $ ${command}`));
    for (const variant of data.variants) {
      const error = variant.error[variant.step.indexOf(step)];
      if (error) lines.push(element('div', `${variant.name}: ${error}`, 'error'));
    }
    status.replaceChildren(...lines);
    for (const view of views) if (!hidden.has(view.map.source.variant)) view.draw(step);
    for (const chart of charts) chart.setCursorStep(step);
  }
  function commandAt(variant, step) {
    const at = variant.step.indexOf(step);
    return at < 0 ? undefined : variant.command[at];
  }
  function move(by) {
    const position = $('position');
    position.value = Math.max(0, Math.min(stops.length - 1, position.valueAsNumber + by));
    show();
  }
  function playing(on) {
    $('play').textContent = text(on ? 'pause' : 'play');
    $('play').setAttribute('aria-pressed', on);
    cancelAnimationFrame(timer);
    timer = 0;
    if (!on) return;
    if ($('position').valueAsNumber >= stops.length - 1) { $('position').value = 0; show(); }
    last = performance.now();
    timer = requestAnimationFrame(tick);
  }
  function tick(now) {
    if (now - last >= 1000 / Number($('speed').value) - 4) {
      last = now;
      move(1);
      if ($('position').valueAsNumber >= stops.length - 1) { playing(false); return; }
    }
    timer = requestAnimationFrame(tick);
  }

  // ---- the curves -----------------------------------------------------------------------------------------------------------------

  const ratio = (above, below) => above.map((value, index) => below[index] > 0 ? value / below[index] : null);
  const CHARTS = [
    { key: 'allocated', format: bytes, of: variant => variant.allocated, live: true },
    { key: 'reclaim', format: bytes, of: variant => variant.givenBack, removed: true },
    { key: 'throughput', format: value => value === null || value === undefined ? '–' : bytes(value) + '/s', of: variant => ratio(variant.content, variant.busyNs.map(ns => ns / 1e9)) },
    { key: 'amplification', format: number, of: variant => ratio(variant.disk, variant.content) },
    { key: 'memory', format: bytes, of: variant => variant.pageCache },
    { key: 'metadata', format: bytes, of: variant => variant.metadata },
    { key: 'inodes', format: number, of: variant => variant.inodes }
  ];
  /** Distances of ticks that are round in units of 1024. */
  const BINARY = Array.from({ length: 53 }, (_, power) => 2 ** power);
  let charts = [];

  class Chart {
    constructor(spec) {
      this.spec = spec;
      const curves = data.variants.map(variant => ({ label: variant.name, color: variant.color, dashed: variant.dashed, step: variant.step, values: spec.of(variant), variant: variant.name }))
        .filter(curve => curve.values.some(value => value !== null));
      const first = data.variants[0];
      if (spec.live && first) curves.unshift({ label: text('liveData'), color: colour('soft'), area: true, step: first.step, values: first.live });
      if (spec.removed && first) curves.unshift({ label: text('removed'), color: colour('soft'), area: true, step: first.step, values: first.removed });
      this.isEmpty = curves.every(curve => !curve.variant);
      this.curves = curves;
      this.panel = element('div', undefined, 'chart');
      this.panel.append(element('h3', text(spec.key)));
      this.holder = element('div');
      this.holder.setAttribute('role', 'img');
      this.panel.append(this.holder);
      this.holder.setAttribute('aria-label', text(spec.key) + ': ' + curves.map(curve => `${curve.label} ${spec.format(curve.values[curve.values.length - 1])}`).join(', '));
    }
    draw() {
      const axis = { stroke: colour('ink'), grid: { stroke: colour('line'), width: 1 }, ticks: { stroke: colour('line') } };
      this.table = uPlot.join(this.curves.map(curve => [curve.step, curve.values]));
      this.plot = new uPlot({
        width: this.width(), height: 260, cursor: { sync: { key: 'steps' }, focus: { prox: 24 } }, scales: { x: { time: false } },
        series: [{ label: text('step'), value: (_, value) => value === null || value === undefined ? '–' : `${value} ${this.commandAt(value)}` },
          ...this.curves.map(curve => ({
            label: curve.label, stroke: curve.area ? curve.color : ink(curve.color), width: curve.area ? 1 : 2, dash: curve.dashed ? [8, 4] : undefined, fill: curve.area ? curve.color + '33' : undefined,
            value: (_, value) => this.spec.format(value), spanGaps: true, paths: uPlot.paths.stepped({ align: 1 }), show: !hidden.has(curve.variant), points: { show: false }
          }))],
        axes: [{ ...axis, label: text('step'), labelSize: 24 }, { ...axis, size: 84, values: (_, splits) => splits.map(this.spec.format), ...this.spec.format === number ? {} : { incrs: BINARY } }]
      }, this.table, this.holder);
    }
    width() { return Math.max(260, this.panel.clientWidth - 22); }
    commandAt(step) { return data.variants.map(variant => commandAt(variant, step)).find(found => found) ?? ''; }
    resize() { this.plot.setSize({ width: this.width(), height: 260 }); }
    toggle() { this.curves.forEach((curve, index) => { if (curve.variant) this.plot.setSeries(index + 1, { show: !hidden.has(curve.variant) }); }); }
    setCursorStep(step) {
      if (!this.plot || timer !== 0) return;
      this.plot.setLegend({ idx: this.table[0].indexOf(step) });
    }
  }

  // ---- the page -------------------------------------------------------------------------------------------------------------------

  function fillTables() {
    const head = element('tr');
    head.append(element('th', ''), ...data.variants.map(variant => { const cell = element('th', variant.name); cell.scope = 'col'; return cell; }));
    $('summary').replaceChildren(head, ...data.table.map(row => {
      const line = element('tr'), name = element('th', language === 'zh' ? METRICS_ZH[row[0]] ?? row[0] : row[0]);
      name.scope = 'row';
      line.append(name, ...row.slice(1).map(cell => element('td', cell)));
      return line;
    }));
    const stepsHead = element('tr');
    stepsHead.append(element('th', text('step')), element('th', text('command')), ...data.variants.map(variant => element('th', variant.name)));
    const steps = [...new Set(data.variants.flatMap(variant => variant.step))].sort((a, b) => a - b);
    const index = data.variants.map(variant => new Map(variant.step.map((step, at) => [step, at])));
    $('steps').replaceChildren(stepsHead, ...steps.map(step => {
      const line = element('tr');
      const found = data.variants.findIndex((_, at) => index[at].has(step));
      line.append(element('td', String(step)), element('td', data.variants[found].command[index[found].get(step)]),
        ...data.variants.map((variant, at) => element('td', index[at].has(step) ? bytes(variant.allocated[index[at].get(step)]) : '–')));
      return line;
    }));
    $('hosts').replaceChildren(...data.variants.flatMap(variant => [
      element('dt', variant.name), element('dd', `${variant.driver} (${variant.engine}), ${variant.options || text('defaults')}; ${variant.host ?? text('unknownHost')}`)]));
  }
  function fillToggles() {
    $('toggles').setAttribute('aria-label', text('shown'));
    $('toggles').replaceChildren(...data.variants.map(variant => {
      const label = element('label'), box = element('input'), name = element('span', variant.name);
      box.type = 'checkbox';
      box.checked = !hidden.has(variant.name);
      name.style.borderColor = ink(variant.color);
      name.style.borderBottomStyle = variant.dashed ? 'dashed' : 'solid';
      box.addEventListener('change', () => {
        if (box.checked) hidden.delete(variant.name); else hidden.add(variant.name);
        for (const chart of charts) chart.toggle();
        for (const view of views) view.panel.hidden = hidden.has(view.map.source.variant);
        show();
      });
      label.append(box, ' ', name);
      return label;
    }));
  }
  function build() {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    document.documentElement.dataset.theme = theme;
    document.title = `StorageLab: ${data.scenario}`;
    for (const marked of document.querySelectorAll('[data-text]')) marked.textContent = text(marked.dataset.text);
    $('play').textContent = text(timer ? 'pause' : 'play');
    $('position').setAttribute('aria-label', text('position'));
    $('scenario').textContent = `${data.scenario}, ${text('seed')} ${data.seed}`;
    $('finding').textContent = data.finding[language];
    $('title').textContent = data.complete ? data.title : `${data.title} ${text('interrupted')}`;
    $('legend').replaceChildren(...[2, 3, 1, 4, 0].map(use => {
      const item = element('li'), mark = element('i');
      mark.style.background = `var(--${USES[use]})`;
      item.append(mark, text(USES[use]));
      return item;
    }));
    ownerColours.clear();
    fillTables();
    fillToggles();
    if (views.length === 0) $('maps').replaceChildren(element('p', text('noMaps')));
    for (const view of views) view.layOut();
    charts = CHARTS.map(spec => new Chart(spec)).filter(chart => !chart.isEmpty);
    $('charts').replaceChildren(...charts.map(chart => chart.panel));
    for (const chart of charts) chart.draw();
    show();
  }

  $('language').value = language;
  $('position').max = Math.max(0, stops.length - 1);
  // The end shows what is left; playing begins at the start.
  $('position').value = $('position').max;
  $('language').addEventListener('change', event => { language = event.target.value; build(); });
  $('theme').addEventListener('click', () => { theme = theme === 'dark' ? 'light' : 'dark'; build(); });
  $('play').addEventListener('click', () => playing(timer === 0));
  $('back').addEventListener('click', () => { playing(false); move(-1); });
  $('next').addEventListener('click', () => { playing(false); move(1); });
  $('position').addEventListener('input', show);
  $('colours').addEventListener('change', show);
  $('copy').addEventListener('click', async () => {
    const rows = [...$('summary').rows].map(row => [...row.cells].map(cell => cell.textContent).join('\t')).join('\n');
    try { await navigator.clipboard.writeText(rows); } catch {
      // A page opened from a file may not use the clipboard; selecting the table leaves one key to press.
      getSelection().selectAllChildren($('summary'));
      document.execCommand('copy');
    }
    $('copied').textContent = text('copied');
  });
  addEventListener('resize', () => { for (const view of views) view.layOut(); for (const chart of charts) chart.resize(); show(); });
  $('maps').replaceChildren(...views.map(view => view.panel));
  build();
})();
