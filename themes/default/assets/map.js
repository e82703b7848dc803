/* journeybook: what the journey page gains from a script. It remembers the lanes that were hidden, shows a step's fields beside the
   map, and on a phone lays the map out step by step. All of it stands in the table already. */
(function(){
'use strict';
var small=matchMedia('(max-width:47.9rem)'),root,main;
function get(k){try{return localStorage.getItem(k)}catch(e){return null}}
function set(k,v){try{localStorage.setItem(k,v)}catch(e){}}
function el(name,cls,text){var e=document.createElement(name);if(cls)e.className=cls;if(text)e.textContent=text;return e}
function add(to,name,cls,text){return to.appendChild(el(name,cls,text))}
function all(sel,from){return Array.from((from||root).querySelectorAll(sel))}

function lanes(){
  var boxes=Array.from(document.querySelectorAll('[data-lane-toggle]')),off=(get('jb-lanes')||'').split(' ');
  boxes.forEach(function(c){
    if(off.indexOf(c.id)>-1)c.checked=false;
    c.addEventListener('change',function(){
      var mine=boxes.map(function(x){return x.id});
      var kept=(get('jb-lanes')||'').split(' ').filter(function(id){return id&&mine.indexOf(id)<0});
      set('jb-lanes',kept.concat(boxes.filter(function(x){return!x.checked}).map(function(x){return x.id})).join(' '));
    });
  });
}

/* The cell of a row that stands under a column; `first` wants one that begins there. */
function cellAt(tr,column,first){
  var at=0,cell=Array.from(tr.cells).slice(1).find(function(c){at+=c.colSpan;return at>column});
  return cell&&(!first||at-cell.colSpan===column)&&cell.textContent.trim()?cell:null;
}

/* Copies without what may stand on a page only once, and without the curve. */
function copy(from,to){
  Array.from(from.childNodes).forEach(function(n){
    if(n.nodeType===1&&n.matches('.curve--map'))return;
    n=to.appendChild(n.cloneNode(true));
    if(n.nodeType===1)all('[id]',n).concat(n).forEach(function(x){x.removeAttribute('id')});
  });
}

/* What stands under a step, lane by lane. */
function fields(td,first){
  var list=el('dl','fields'),column=Array.from(td.parentNode.cells).indexOf(td)-1;
  Array.from(td.closest('table').tBodies).flatMap(function(b){return Array.from(b.rows)}).forEach(function(tr){
    var cell=cellAt(tr,column,first);if(!cell)return;
    var row=add(list,'div',tr.parentNode.className);
    row.appendChild(el('dt','',Array.from(tr.cells[0].childNodes).filter(function(n){return n.nodeName!=='SMALL'}).map(function(n){return n.textContent}).join('')));
    copy(cell,add(row,'dd',/\bc\b/.test(tr.className)?'c':''));
  });
  all('details',list).forEach(function(d){d.open=true});
  return list;
}

function head(td){var t=td.closest('table');return t.querySelector('.s').cells[Array.from(td.parentNode.cells).indexOf(td)]}

/* The panel of a step: the one that has its text, or a new one. */
function panel(td){
  var p=td.querySelector('.panel');
  if(!p){
    p=add(td,'div','panel');
    add(p,'h2','',head(td).querySelector('a').textContent);
    var go=add(p,'p','go'),close=add(go,'a','',root.dataset.close);
    close.href='#_map';
  }
  if(!p.querySelector('.fields'))p.insertBefore(fields(td),p.querySelector('.go'));
  p.tabIndex=-1;
  return p;
}

function steps(){return root?all('.s+.o td[id]'):[]}

function open(){
  var id=decodeURIComponent(location.hash.slice(1)),blue=document.getElementById('_v-blue');
  if(!root)return;
  if(id==='_v-blue'&&blue)blue.checked=true;
  all('.is-here').forEach(function(x){x.classList.remove('is-here')});
  if(id&&small.matches){
    var there=all('.read>[data-step],.read section>*',main).find(function(x){return x.dataset.step===id});
    if(there){there.open=true;there.scrollIntoView()}
    return;
  }
  var td=id&&steps().find(function(x){return x.id===id});
  if(!td)return;
  head(td).classList.add('is-here');
  panel(td).focus({preventScroll:true});
}

/* A piece of the reading view that folds: what its head says, and where links lead to it. */
function fold(name,id,box){
  var d=add(box,'details'),s=add(d,'summary');
  d.dataset.step=id;
  return{box:d,head:s,title:add(s,name)};
}

/* A phase over its first step, with its goal and its text. */
function phase(column,table,box,list){
  var row=table.querySelector('.p'),name=row&&cellAt(row,column,true),goal=list.querySelector('.l-goal');
  if(!name)return;
  var when=cellAt(table.querySelector('.m')||row,column),about=cellAt(table.querySelector('.o'),column),text=about&&about.querySelector('.prose');
  var part=add(box,'section',when.className),h=text?fold('h2',about.id,part):{title:add(part,'h2')};
  if(name.id)part.dataset.step=name.id;
  h.title.textContent=name.textContent;
  if(text)copy(text,add(h.box,'div','prose'));
  if(goal){copy(goal.lastChild,add(part,'div','l-goal'));goal.remove()}
}

function read(){
  if(!root||!small.matches||main.querySelector('.read'))return;
  var box=el('div','read map');
  steps().forEach(function(td){
    var h=head(td),table=td.closest('table'),column=h.cellIndex-1,text=td.querySelector('.prose'),list=fields(td,true);
    phase(column,table,box,list);
    var d=fold('h3',td.id,box),felt=cellAt(table.querySelector('.f')||td.parentNode,column);
    copy(h.querySelector('a'),d.title);
    if(felt)copy(felt,add(d.head,'div','l-feel'));
    all('.tag',h).forEach(function(t){(t.querySelector('a')?d.box:d.head).append(t.cloneNode(true))});
    var more=el('dl','fields'),rest=el('details','more');
    all('.l-chan,.l-rel,.l-next,.l-beh,.l-mv,.l-stage,.l-dept,.l-ev,.l-opp',list).forEach(function(x){more.append(x)});
    d.box.append(list);
    if(text)copy(text,add(d.box,'div','prose'));
    if(more.firstChild){add(rest,'summary','',root.dataset.more);rest.append(more);d.box.append(rest)}
  });
  root.after(box);
  open();
}

function setUp(){
  main=document.getElementById('_main');root=document.getElementById('_map');
  lanes();read();open();
}
setUp();
small.addEventListener('change',function(){read();open()});
addEventListener('hashchange',open);
addEventListener('keydown',function(e){
  if(e.key==='Escape'&&document.querySelector(':target>.panel')){
    var td=document.querySelector(':target'),link=head(td);
    location.hash='_map';
    link=link&&link.querySelector('a');if(link)link.focus({preventScroll:true});
  }
});
document.addEventListener('journeybook:swap',setUp);
})();
